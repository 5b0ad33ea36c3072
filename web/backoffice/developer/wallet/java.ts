/** The signature of a callback checked in Java (11 or later), and the frame around a wallet. A test runs it. */
export const WALLET_JAVA = String.raw`import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class WalletServer {
    /** Yours. What each packet asks for is in the Node.js and Python wallets beside this one. */
    interface Wallet {
        /** The status to answer. The same transaction id again: the same answer, and nothing moves. */
        int change(String packet);
        /** As JSON: {"balance":12.5} */
        String balance(String packetOrQuery);
    }

    static boolean isSigned(HttpExchange call, byte[] payload, String secret) throws Exception {
        String timestamp = call.getRequestHeaders().getFirst("X-Timestamp");
        if (timestamp == null || !timestamp.matches("\\d{1,15}")) return false;
        if (Math.abs(System.currentTimeMillis() - Long.parseLong(timestamp)) > 300_000) return false;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update(timestamp.getBytes(StandardCharsets.UTF_8));
        StringBuilder hex = new StringBuilder();
        for (byte each : mac.doFinal(payload)) hex.append(String.format("%02x", each));
        byte[] expected = hex.toString().getBytes(StandardCharsets.UTF_8);
        // While the secret is changed there are two signatures: either will do.
        for (String name : new String[] {"X-Signature", "X-Signature-Previous"}) {
            String given = call.getRequestHeaders().getFirst(name);
            if (given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) return true;
        }
        return false;
    }

    static HttpServer serve(Wallet wallet, String secret, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", call -> {
            int status = 500;
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            try {
                boolean isRead = call.getRequestMethod().equals("GET");
                String query = call.getRequestURI().getRawQuery();
                byte[] sent = call.getRequestBody().readAllBytes();
                byte[] payload = isRead ? (query == null ? "" : query).getBytes(StandardCharsets.UTF_8) : sent;
                String text = new String(payload, StandardCharsets.UTF_8);
                status = !isSigned(call, payload, secret) ? 401 : isRead ? 200 : wallet.change(text);
                if (status == 200) body = wallet.balance(text).getBytes(StandardCharsets.UTF_8);
            } catch (Exception failed) {
                status = 500;
            }
            call.getResponseHeaders().set("Content-Type", "application/json");
            call.sendResponseHeaders(status, body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        server.start();
        return server;
    }
}
`;
