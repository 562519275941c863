using System.Diagnostics;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Local.Stack;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>
/// Uploads to the Azure store of a running stack, each with bytes that were never seen, and waits for analysis documents.
/// </summary>
internal sealed class PipelineUploads(PipelineClient client)
{
    private readonly byte[] _image = File.ReadAllBytes(Path.Combine(Checkout.SamplesMedia, "sunset-over-the-bay.jpg"));
    private int _number;

    public IObjectStore Store => client.Azure;

    /// <summary>A photograph of 1600×1067 pixels.</summary>
    public byte[] Image => _image;

    public byte[] NextText() =>
        Encoding.UTF8.GetBytes(
            $"Report {Interlocked.Increment(ref _number)}: the harbour of Nordhaven reopened after the storm, said Maria Keller. "
                + $"Ferries to Port Alder sail again."
        );

    public byte[] NextImage() => Differing(_image);

    public Task<AssetSource> UploadAsync(byte[] content, CancellationToken cancellationToken) =>
        PipelineClient.UploadAsync(client.Azure, $"bench/{Interlocked.Increment(ref _number)}", content, cancellationToken);

    public Task<AssetSource> UploadAsync(Stream content, CancellationToken cancellationToken) =>
        PipelineClient.UploadAsync(client.Azure, $"bench/{Interlocked.Increment(ref _number)}", content, cancellationToken);

    public async Task<AnalysisDocument> AnalyseAsync(byte[] content, CancellationToken cancellationToken) =>
        // seldom: looking costs of the processors that are measured
        await WaitAsync(await UploadAsync(Differing(content), cancellationToken), TimeSpan.FromMilliseconds(250), cancellationToken);

    /// <summary>Milliseconds from the begin of an upload to its document, seen by looking for it every 2 ms.</summary>
    public async Task<double> TimeAsync(byte[] content, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        AssetSource source = await UploadAsync(content, cancellationToken);
        string path = AssetLayout.Analysis(source.AssetId, source.VersionId);
        while (await client.Azure.FindAsync(path, cancellationToken) is null)
        {
            await Task.Delay(2, cancellationToken);
        }
        double elapsed = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        // Idle again for the next one: the ledger and the index are written after the document.
        while (await UploadRuns.FindCreationAsync(client, source, cancellationToken) is null)
        {
            await Task.Delay(20, cancellationToken);
        }
        return elapsed;
    }

    /// <exception cref="StackException">The asset was not analysed within ten minutes.</exception>
    public async Task<AnalysisDocument> WaitAsync(AssetSource source, TimeSpan interval, CancellationToken cancellationToken)
    {
        string path = AssetLayout.Analysis(source.AssetId, source.VersionId);
        long startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < TimeSpan.FromMinutes(10))
        {
            if (await client.Azure.ReadAsync(path, 64 << 20, cancellationToken) is { } content)
            {
                return AssetsJson.Read<AnalysisDocument>(content.Data);
            }
            await Task.Delay(interval, cancellationToken);
        }
        throw new StackException($"{source.Key} has no analysis after ten minutes; see the logs in artifacts/bench/logs.");
    }

    /// <summary>The same picture or film with other bytes behind its end, as if it were another.</summary>
    private byte[] Differing(byte[] content) => [.. content, .. BitConverter.GetBytes(Interlocked.Increment(ref _number))];
}
