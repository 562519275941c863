using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Local.Stack.Load;

/// <summary>One request of a load, as it is sent again and again.</summary>
/// <param name="Sort">"search", "upload" or "predict:" and a model.</param>
/// <param name="Content">Null where it has none.</param>
/// <param name="ContentType">Of the content.</param>
/// <param name="Size">Characters of its text; 0 where it has none.</param>
internal sealed record LoadBody(string Sort, HttpMethod Method, string Path, byte[]? Content, string ContentType, int Size)
{
    public const string Search = "search",
        Upload = "upload",
        Predict = "predict:";

    private const string Json = "application/json";

    public static LoadBody OfSearch(string query) => new(Search, HttpMethod.Get, $"search?{query}", null, "", 0);

    public static LoadBody OfPrediction(string model, byte[] body, string contentType = Json, int size = 0) =>
        new(Predict + model, HttpMethod.Post, $"predict/{Uri.EscapeDataString(model)}", body, contentType, size);

    public static LoadBody OfPrediction(string model, string text) =>
        OfPrediction(model, JsonSerializer.SerializeToUtf8Bytes(new { text }), Json, text.Length);

    public static LoadBody OfUpload(string name, byte[] content) =>
        new(Upload, HttpMethod.Post, $"assets?name={Uri.EscapeDataString(name)}", content, "application/octet-stream", 0);

    /// <param name="mark">Goes before the name of an upload, so that each is another asset.</param>
    public HttpRequestMessage Request(string mark)
    {
        string path = Sort == Upload ? Path.Replace("name=", $"name={mark}", StringComparison.Ordinal) : Path;
        HttpRequestMessage request = new(Method, path);
        if (Content is not null)
        {
            request.Content = new ByteArrayContent(Content) { Headers = { ContentType = new MediaTypeHeaderValue(ContentType) } };
        }
        return request;
    }
}

/// <summary>What requests of a load carry: the committed samples, or lines of a file of one's own.</summary>
internal static class LoadBodies
{
    private const int MostLines = 100_000;
    private const long MostBytes = 256 << 20;
    private const int MostOfASample = 200;
    private const long MostBytesOfAMedium = 1 << 20;
    private const string Wanted =
        "expected is one JSON object a line: {\"sort\":\"search\",\"query\":\"q=storm\"}, {\"sort\":\"predict:my-model\",\"body\":{…}} or "
        + "{\"sort\":\"upload\",\"name\":\"a.txt\",\"text\":\"…\"}";

    /// <summary>Of a sort, from the samples.</summary>
    /// <exception cref="StackException">There is none.</exception>
    public static IReadOnlyList<LoadBody> OfSamples(string sort) =>
        sort switch
        {
            LoadBody.Search =>
            [
                .. Lines(Path.Combine(Checkout.SamplesGolden, "text-embedding.jsonl"))
                    .Select(line => LoadBody.OfSearch($"q={Uri.EscapeDataString(line.GetProperty("text").GetString()!)}")),
            ],
            LoadBody.Upload => Media(),
            _ => Predictions(sort[LoadBody.Predict.Length..]),
        };

    /// <exception cref="StackException">A line is none, or there is none.</exception>
    public static async Task<IReadOnlyList<LoadBody>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        LoadFiles.Demand(file, MostBytes);
        List<LoadBody> bodies = [];
        int number = 0;
        await foreach (string line in File.ReadLinesAsync(file, cancellationToken))
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }
            if (bodies.Count == MostLines)
            {
                throw new StackException($"{file} has more than {MostLines} lines; allowed are {MostLines}.", 2);
            }
            bodies.Add(Parse(line, $"{file}, line {number}"));
        }
        return bodies.Count > 0 ? bodies : throw new StackException($"{file} is empty; {Wanted}.", 2);
    }

    private static LoadBody Parse(string line, string place)
    {
        GivenBody given;
        try
        {
            given = GivenJson.Read<GivenBody>(Encoding.UTF8.GetBytes(line));
        }
        catch (JsonException e)
        {
            throw new StackException($"{place}: {JsonFault.Describe(e).TrimEnd('.')}; {Wanted}.", 2);
        }
        return given switch
        {
            { Sort: LoadBody.Search, Query.Length: > 0 } => LoadBody.OfSearch(given.Query),
            { Sort: LoadBody.Upload, Name.Length: > 0, Text: not null } => LoadBody.OfUpload(
                given.Name,
                Encoding.UTF8.GetBytes(given.Text)
            ),
            { Sort: { } sort, Body.ValueKind: JsonValueKind.Object } when LoadMix.IsPrediction(sort) => LoadBody.OfPrediction(
                sort[LoadBody.Predict.Length..],
                Encoding.UTF8.GetBytes(given.Body.Value.GetRawText())
            ),
            _ => throw new StackException($"{place}: it is none of the three; {Wanted}.", 2),
        };
    }

    private static IReadOnlyList<LoadBody> Media()
    {
        IEnumerable<FileInfo> files = new DirectoryInfo(Checkout.SamplesMedia)
            .EnumerateFiles()
            .Where(file => file.Length <= MostBytesOfAMedium && file.Name != "expected.json")
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        return [.. files.Select(file => LoadBody.OfUpload(file.Name, File.ReadAllBytes(file.FullName)))];
    }

    private static IReadOnlyList<LoadBody> Predictions(string model)
    {
        string file = Path.Combine(Checkout.SamplesGolden, $"{model}.jsonl");
        if (!File.Exists(file) || Path.GetFileName(model) != model)
        {
            string known = string.Join(
                ", ",
                Directory
                    .EnumerateFiles(Checkout.SamplesGolden, "*.jsonl")
                    .Select(Path.GetFileNameWithoutExtension)
                    .Order(StringComparer.Ordinal)
            );
            throw new StackException(
                $"There are no sample bodies for {LoadBody.Predict}{model}, only for {known}; give your own with --bodies FILE.",
                2
            );
        }
        return [.. Lines(file).Select(line => OfGolden(model, line))];
    }

    private static LoadBody OfGolden(string model, JsonElement item)
    {
        if (item.TryGetProperty("media", out JsonElement media))
        {
            string picture = Path.Combine(Checkout.SamplesGolden, "pictures", Pictures.Value[media.GetString()!]);
            return LoadBody.OfPrediction(model, File.ReadAllBytes(picture), "image/jpeg");
        }
        string text = item.GetProperty("text").GetString()!;
        return model == "reranker"
            ? LoadBody.OfPrediction(
                model,
                JsonSerializer.SerializeToUtf8Bytes(new { query = text, documents = item.GetProperty("documents") }),
                size: text.Length
            )
            : LoadBody.OfPrediction(model, text);
    }

    /// <summary>The file of each digest that golden sets name.</summary>
    private static readonly Lazy<Dictionary<string, string>> Pictures = new(() =>
        Directory
            .EnumerateFiles(Path.Combine(Checkout.SamplesGolden, "pictures"))
            .ToDictionary(
                file => "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))),
                file => Path.GetFileName(file)
            )
    );

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(file).Take(MostOfASample).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private sealed record GivenBody
    {
        public string? Sort { get; init; }
        public string? Query { get; init; }
        public string? Name { get; init; }
        public string? Text { get; init; }
        public JsonElement? Body { get; init; }
    }
}
