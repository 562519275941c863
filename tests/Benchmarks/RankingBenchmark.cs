using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Statistics.Metrics;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>
/// How well searches rank, by the judgements of a public collection: its documents are uploaded, its queries asked over HTTP by words, by
/// meaning and by both. The collection is a folder as the BEIR benchmark lays them out (Thakur et al. 2021): <c>corpus.jsonl</c>,
/// <c>queries.jsonl</c>, <c>qrels/test.tsv</c>.
/// </summary>
internal static class RankingBenchmark
{
    private const int Cutoff = 10;
    private const int Writers = 16;
    private const string Folder = "ranking/";

    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    public static Func<BenchReport, bool, CancellationToken, Task> Of(string collection) =>
        (report, quick, cancellationToken) => RunAsync(report, collection, quick, cancellationToken);

    private static async Task RunAsync(BenchReport report, string collection, bool quick, CancellationToken cancellationToken)
    {
        Document[] documents =
        [
            // An empty file is no text: it would be quarantined.
            .. ReadLines(collection, "corpus.jsonl").Select(Document.Of).Where(document => document.Content.Length > 0),
        ];
        Query[] queries = [.. ReadQueries(collection, documents).Take(quick ? 5 : int.MaxValue)];
        AnsiConsole.WriteLine($"Ranking of {documents.Length:N0} documents for {queries.Length:N0} queries ...");
        await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("ranking", TimeProvider.System, cancellationToken);
        using PipelineClient client = new(pipeline.Stack);
        await UploadAsync(client, documents, cancellationToken);

        double words = await MeasureAsync(client, "words", queries, cancellationToken),
            meaning = await MeasureAsync(client, "meaning", queries, cancellationToken),
            both = await MeasureAsync(client, "both", queries, cancellationToken),
            better = Math.Max(words, meaning);
        string measure = $"nDCG@{Cutoff} of {Path.GetFileName(Path.TrimEndingDirectorySeparator(collection))}";
        report.Add(new Measurement($"{measure}, by words", words, "", "higher"));
        report.Add(new Measurement($"{measure}, by meaning", meaning, "", "higher"));
        report.Add(
            new Measurement($"{measure}, by both", both, "", "higher", better, "the better of the two alone", better, both / better)
        );
    }

    private static async Task UploadAsync(PipelineClient client, Document[] documents, CancellationToken cancellationToken)
    {
        ParallelOptions some = new() { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, documents.Length), some, async (i, token) =>
            await PipelineClient.UploadAsync(client.Azure, NameOf(i), Encoding.UTF8.GetBytes(documents[i].Content), token)
        );
        long started = Stopwatch.GetTimestamp();
        while ((await client.FetchSummaryAsync(cancellationToken)).Total.Processed < documents.Length)
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new StackException($"{documents.Length} documents were not analysed within {Limit:g}; see artifacts/ranking/logs.");
            }
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
        // What is processed is found within a second.
        await Task.Delay(TimeSpan.FromSeconds(10), cancellationToken);
    }

    /// <summary>The mean over the queries.</summary>
    private static async Task<double> MeasureAsync(PipelineClient client, string mode, Query[] queries, CancellationToken cancellationToken)
    {
        double sum = 0;
        foreach (Query query in queries)
        {
            JsonElement answer = await client.Http.GetFromJsonAsync<JsonElement>(
                $"search?limit={Cutoff}&mode={mode}&q={Uri.EscapeDataString(query.Text)}",
                cancellationToken
            );
            sum += GainOf([.. answer.GetProperty("hits").EnumerateArray().SelectMany(NumbersOf).Distinct()], query.Relevance);
        }
        return sum / queries.Length;
    }

    /// <summary>The same content at several paths is one hit: whichever of its documents is judged counts at its rank.</summary>
    private static IEnumerable<int> NumbersOf(JsonElement hit) =>
        hit.GetProperty("locations").EnumerateArray().Select(location => NumberOf(location.GetProperty("key").GetString()!));

    private static double GainOf(IReadOnlyList<int> found, IReadOnlyDictionary<int, double> relevance)
    {
        List<double> scores = [],
            gains = [];
        for (int rank = 0; rank < Math.Max(Cutoff, found.Count); rank++) // an empty place counts as a document that is not relevant
        {
            scores.Add(-rank);
            gains.Add(rank < found.Count ? relevance.GetValueOrDefault(found[rank]) : 0);
        }
        double[] missed = [.. relevance.Where(one => !found.Contains(one.Key)).Select(one => one.Value)];
        scores.AddRange(missed.Select(_ => double.NegativeInfinity));
        gains.AddRange(missed);
        return Ranking.NormalizedGain(scores, gains, Cutoff);
    }

    /// <summary>Those that have a judgement.</summary>
    private static IEnumerable<Query> ReadQueries(string collection, Document[] documents)
    {
        Dictionary<string, int> numbers = documents.Select((document, i) => (document.Id, i)).ToDictionary();
        ILookup<string, (int Document, double Relevance)> judged = ReadLines(collection, "qrels/test.tsv")
            .Skip(1) // its heading
            .Select(line => line.Split('\t'))
            .Where(line => numbers.ContainsKey(line[1]))
            .ToLookup(line => line[0], line => (numbers[line[1]], double.Parse(line[2], CultureInfo.InvariantCulture)));
        foreach (string line in ReadLines(collection, "queries.jsonl"))
        {
            JsonElement query = JsonSerializer.Deserialize<JsonElement>(line);
            Dictionary<int, double> relevance = judged[query.GetProperty("_id").GetString()!].ToDictionary();
            if (relevance.Values.Any(one => one > 0))
            {
                yield return new Query(query.GetProperty("text").GetString()!, relevance);
            }
        }
    }

    private static IEnumerable<string> ReadLines(string collection, string name)
    {
        string path = Path.Combine(collection, name);
        return File.Exists(path)
            ? File.ReadLines(path).Where(line => line.Length > 0)
            : throw new StackException(
                $"{path} is missing; RANKING is a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv (BEIR)."
            );
    }

    private static string NameOf(int document) => $"{Folder}{document}.txt";

    private static int NumberOf(string key) => int.Parse(Path.GetFileNameWithoutExtension(key), CultureInfo.InvariantCulture);

    private sealed record Document(string Id, string Content)
    {
        public static Document Of(string line)
        {
            JsonElement document = JsonSerializer.Deserialize<JsonElement>(line);
            string text = document.GetProperty("text").GetString()!;
            string? title = document.TryGetProperty("title", out JsonElement said) ? said.GetString() : null;
            return new Document(document.GetProperty("_id").GetString()!, string.IsNullOrEmpty(title) ? text : $"{title}\n\n{text}");
        }
    }

    /// <param name="Relevance">By the document's number; what is not judged is not relevant.</param>
    private sealed record Query(string Text, IReadOnlyDictionary<int, double> Relevance);
}
