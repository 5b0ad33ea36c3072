/**
 * A call of the operator API as a program that can be run: curl and five languages, each with nothing but what comes with
 * it. The key is read from the environment, so that it is in no file and no clipboard. Pure.
 */

export interface Sample {
  readonly method: string;
  /** The API's base address, without a slash at its end. */
  readonly base: string;
  readonly path: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export const LANGUAGES = ['curl', 'php', 'node', 'python', 'java', 'csharp'] as const;
export type SnippetLanguage = (typeof LANGUAGES)[number];

/** Their names, which are the same in every language people speak. */
export const LANGUAGE_NAMES: Readonly<Record<SnippetLanguage, string>> = {
  curl: 'curl',
  php: 'PHP',
  node: 'Node.js',
  python: 'Python',
  java: 'Java',
  csharp: 'C#',
};

/** What a key is called in the environment of these programs. */
export const KEY_NAME = 'CROUPIER_KEY';

export function snippet(language: SnippetLanguage, sample: Sample): string {
  return WRITERS[language](sample);
}

/** Address and body as they go out: a GET's parameters are its query, the others' are JSON. */
function partsOf({ method, base, path, values }: Sample) {
  const entries = Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]);
  const query = method === 'GET' && entries.length > 0 ? `?${new URLSearchParams(entries)}` : '';
  return { url: `${base}${path}${query}`, body: method === 'GET' ? null : JSON.stringify(values) };
}

/** A text in double quotes, as JavaScript, Python, Java and C# read it. */
const quoted = (text: string) => JSON.stringify(text);
const inShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const inPhp = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const WRITERS: Readonly<Record<SnippetLanguage, (sample: Sample) => string>> = {
  curl(sample) {
    const { url, body } = partsOf(sample);
    const lines = [
      `curl -sS -X ${sample.method} ${inShell(url)}`,
      `  -H "Authorization: Bearer $${KEY_NAME}"`,
      "  -H 'Accept: application/json' -H 'Accept-Language: en'",
      ...(body === null ? [] : ["  -H 'Content-Type: application/json'", `  --data-raw ${inShell(body)}`]),
    ];
    return lines.join(' \\\n');
  },
  php(sample) {
    const { url, body } = partsOf(sample);
    const values = Object.entries(sample.values).map(
      ([name, value]) => `${inPhp(name)} => ${typeof value === 'number' ? value : inPhp(value)}`,
    );
    return `<?php
$call = curl_init(${inPhp(url)});
curl_setopt_array($call, [
    CURLOPT_CUSTOMREQUEST => '${sample.method}',
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 10,
    CURLOPT_HTTPHEADER => [
        'Authorization: Bearer ' . getenv('${KEY_NAME}'),
        'Accept: application/json',
        'Accept-Language: en',
        'Content-Type: application/json',
    ],${body === null ? '' : `\n    CURLOPT_POSTFIELDS => json_encode([${values.join(', ')}], JSON_UNESCAPED_UNICODE | JSON_FORCE_OBJECT),`}
]);
$body = curl_exec($call);
if ($body === false) {
    // Nobody knows whether it was done: repeat it with the same uuid.
    exit('no answer: ' . curl_error($call) . "\\n");
}
echo curl_getinfo($call, CURLINFO_RESPONSE_CODE), ' ', $body, "\\n";
`;
  },
  node(sample) {
    const { url, body } = partsOf(sample);
    return `const response = await fetch(${quoted(url)}, {
  method: '${sample.method}',
  headers: {
    authorization: \`Bearer \${process.env.${KEY_NAME}}\`,
    accept: 'application/json',
    'accept-language': 'en',
    'content-type': 'application/json',
  },${body === null ? '' : `\n  body: JSON.stringify(${body}),`}
  // Without an answer nobody knows whether it was done: repeat it with the same uuid.
  signal: AbortSignal.timeout(10_000),
});
console.log(response.status, await response.text());
`;
  },
  python(sample) {
    const { url, body } = partsOf(sample);
    return `import json, os, urllib.error, urllib.request

request = urllib.request.Request(
    ${quoted(url)},
    method="${sample.method}",
    headers={
        "Authorization": "Bearer " + os.environ["${KEY_NAME}"],
        "Accept": "application/json",
        "Accept-Language": "en",
        "Content-Type": "application/json",
    },${body === null ? '' : `\n    data=json.dumps(${body}).encode(),`}
)
try:
    # Without an answer nobody knows whether it was done: repeat it with the same uuid.
    with urllib.request.urlopen(request, timeout=10) as response:
        print(response.status, response.read().decode())
except urllib.error.HTTPError as refused:
    print(refused.code, refused.read().decode())
`;
  },
  java(sample) {
    const { url, body } = partsOf(sample);
    const publisher = body === null ? 'BodyPublishers.noBody()' : `BodyPublishers.ofString(${quoted(body)})`;
    return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

public class Call {
    public static void main(String[] args) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(${quoted(url)}))
            .header("Authorization", "Bearer " + System.getenv("${KEY_NAME}"))
            .header("Accept", "application/json")
            .header("Accept-Language", "en")
            .header("Content-Type", "application/json")
            // Without an answer nobody knows whether it was done: repeat it with the same uuid.
            .timeout(Duration.ofSeconds(10))
            .method("${sample.method}", ${publisher})
            .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        System.out.println(response.statusCode() + " " + response.body());
    }
}
`;
  },
  csharp(sample) {
    const { url, body } = partsOf(sample);
    const content =
      body === null
        ? ''
        : `\nrequest.Content = new StringContent(${quoted(body)}, Encoding.UTF8, "application/json");`;
    return `using System.Net.Http.Headers;
using System.Text;

// Without an answer nobody knows whether it was done: repeat it with the same uuid.
using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
using var request = new HttpRequestMessage(new HttpMethod("${sample.method}"), ${quoted(url)});
request.Headers.Authorization =
    new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("${KEY_NAME}"));
request.Headers.Accept.ParseAdd("application/json");
request.Headers.AcceptLanguage.ParseAdd("en");${content}
using var response = await client.SendAsync(request);
Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
`;
  },
};
