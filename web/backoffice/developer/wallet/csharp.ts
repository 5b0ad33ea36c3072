/** The signature of a callback checked in C# (.NET 8 or later), and the frame around a wallet. */
export const WALLET_CSHARP = `using System.Security.Cryptography;
using System.Text;

var secret = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable("CALLBACK_SECRET")!);
var app = WebApplication.CreateBuilder(args).Build();

bool IsSigned(HttpRequest request, byte[] payload)
{
    string timestamp = request.Headers["X-Timestamp"].ToString();
    if (!long.TryParse(timestamp, out var at)) return false;
    if (Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - at) > 300_000) return false;
    byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp), .. payload];
    var expected = Encoding.UTF8.GetBytes(Convert.ToHexString(HMACSHA256.HashData(secret, signed)).ToLowerInvariant());
    // While the secret is changed there are two signatures: either will do.
    return new[] { "X-Signature", "X-Signature-Previous" }.Any(name =>
        CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(request.Headers[name].ToString())));
}

// IWallet is yours: Change answers the status, Balance the amount. What each packet asks for is in the Node.js and
// Python wallets beside this one: the same transaction id again is the same answer, and nothing moves.
IWallet wallet = CreateWallet();

app.MapGet("/balance", (HttpRequest request) =>
{
    var query = request.QueryString.Value?.TrimStart('?') ?? "";
    if (!IsSigned(request, Encoding.UTF8.GetBytes(query))) return Results.StatusCode(401);
    return Results.Json(new { balance = wallet.Balance(request.Query["username"]!) });
});
app.MapPost("/changeBalance", async (HttpRequest request) =>
{
    using var bytes = new MemoryStream();
    await request.Body.CopyToAsync(bytes);
    if (!IsSigned(request, bytes.ToArray())) return Results.StatusCode(401);
    var packet = System.Text.Json.JsonDocument.Parse(bytes.ToArray()).RootElement;
    var status = wallet.Change(packet);
    if (status != 200) return Results.StatusCode(status);
    return Results.Json(new { balance = wallet.Balance(packet.GetProperty("username").GetString()!) });
});
app.Run();
`;
