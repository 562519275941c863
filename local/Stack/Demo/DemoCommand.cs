using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack.Models.Fetched;
using Serverless.Local.Stack.Processes;
using Serverless.Storage;
using Spectre.Console;

namespace Serverless.Local.Stack.Demo;

/// <summary><c>demo</c>: samples/media through both stores on a stack of its own, then what was found and three searches.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions ReportJson = new(AssetsJson.Options) { WriteIndented = true };

    public static async Task<int> RunAsync(string reportFile, TimeProvider time, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        StackOptions options = FetchedRoles.AddTo(Options());
        RedirectedOutput.Prepare();
        AnsiConsole.WriteLine("Starting Azurite, the S3 server, the Functions app, the Lambda functions and gpu-batch ...");
        await using LocalStack stack = await LocalStack.StartAsync(options, time, cancellationToken);
        using PipelineClient client = new(stack);

        FileInfo[] samples = Samples();
        SummaryAnswer summary = await IngestAsync(client, samples, time, cancellationToken);
        DemoReport report = new(
            time.GetUtcNow(),
            Math.Round(time.GetElapsedTime(startedAt).TotalSeconds, 1),
            await DescribeAssetsAsync(client, cancellationToken),
            summary.Stores,
            summary.Total,
            await SearchAsync(client, cancellationToken)
        );
        DemoOutput.Print(report);
        Directory.CreateDirectory(Path.GetDirectoryName(reportFile)!);
        await File.WriteAllBytesAsync(reportFile, JsonSerializer.SerializeToUtf8Bytes(report, ReportJson), cancellationToken);
        AnsiConsole.WriteLine($"Written to {Path.GetRelativePath(Environment.CurrentDirectory, reportFile)} after {report.Seconds} s.");
        long left = samples.Length * client.Stores.Count - summary.Total.Processed;
        if (left > 0)
        {
            AnsiConsole.WriteLine($"{left} of the samples were not analysed.");
        }
        return left == 0 ? 0 : 1;
    }

    /// <summary>Free ports and a fresh folder, so that the demo runs beside <c>make run</c> and shows the same each time.</summary>
    private static StackOptions Options()
    {
        StackOptions options = new() { DataDirectory = Path.Combine(new StackOptions().DataDirectory, "demo"), Ports = StackPorts.Free() };
        using (DataFolderLock.Take(options.DataDirectory))
        {
            // not from under a demo that runs
            Directory.Delete(options.DataDirectory, recursive: true);
        }
        return options;
    }

    private static FileInfo[] Samples() =>
        [
            .. new DirectoryInfo(Checkout.SamplesMedia)
                .GetFiles()
                .Where(file => file.Name != "expected.json")
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];

    private static Task<SummaryAnswer> IngestAsync(
        PipelineClient client,
        FileInfo[] samples,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        AnsiConsole
            .Progress()
            .AutoClear(false)
            .StartAsync(async progress =>
            {
                int total = samples.Length * client.Stores.Count;
                ProgressTask uploaded = progress.AddTask("Uploading", maxValue: total);
                ProgressTask analysed = progress.AddTask("Analysing", maxValue: total);
                foreach (FileInfo sample in samples)
                {
                    foreach (IObjectStore store in client.Stores)
                    {
                        await using FileStream content = sample.OpenRead();
                        await PipelineClient.UploadAsync(store, sample.Name, content, cancellationToken);
                        uploaded.Increment(1);
                    }
                }
                long startedAt = time.GetTimestamp();
                while (true)
                {
                    SummaryAnswer summary = await client.FetchSummaryAsync(cancellationToken);
                    analysed.Value = summary.Total.Processed + summary.Total.Quarantined;
                    if ((summary.Total.Missing == 0 && summary.Total.Expected >= total) || time.GetElapsedTime(startedAt) > Limit)
                    {
                        return summary;
                    }
                    await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancellationToken);
                }
            });

    private static async Task<IReadOnlyList<DemoAsset>> DescribeAssetsAsync(PipelineClient client, CancellationToken cancellationToken)
    {
        AssetPage page = await client.FetchAssetsAsync("limit=200", cancellationToken);
        List<DemoAsset> assets = [];
        foreach (
            AssetItem item in page
                .Items.OrderBy(item => item.Key.Split('/')[^1], StringComparer.Ordinal)
                .ThenBy(item => item.Store, StringComparer.Ordinal)
        )
        {
            AnalysisDocument? analysis =
                item.State == AssetState.Processed ? await client.FindAnalysisAsync(item.Asset, cancellationToken) : null;
            assets.Add(
                new DemoAsset(
                    item.Key,
                    item.Store,
                    item.Kind?.ToString(),
                    item.State.ToString(),
                    analysis is null ? item.Failure?.Message ?? "" : Findings.Describe(analysis),
                    analysis is null ? [] : [.. analysis.Models.Select(model => $"{model.Name}/{model.Version}")],
                    Math.Round(((item.Finished ?? item.Registered) - item.Registered).TotalSeconds, 2)
                )
            );
        }
        return assets;
    }

    private static async Task<IReadOnlyList<DemoSearch>> SearchAsync(PipelineClient client, CancellationToken cancellationToken)
    {
        List<DemoSearch> searches = [];
        foreach (string query in new[] { "redundancies at a semiconductor company", "football cup final" })
        {
            searches.Add(Search(query, await client.SearchAsync(query, kind: null, limit: 4, cancellationToken)));
        }
        string picture = Path.Combine(Checkout.SamplesMedia, "sunset-over-the-bay.jpg");
        searches.Add(
            Search(
                $"looks like {Path.GetFileName(picture)}",
                await client.SearchAsync(await File.ReadAllBytesAsync(picture, cancellationToken), limit: 4, cancellationToken)
            )
        );
        return searches;
    }

    private static DemoSearch Search(string query, SearchAnswer answer) =>
        new(
            query,
            [
                .. answer.Hits.Select(hit => new DemoHit(
                    hit.Key ?? hit.Asset,
                    hit.Store ?? "",
                    hit.Place,
                    Math.Round(hit.Score, 3),
                    hit.Snippet
                )),
            ]
        );
}
