using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Analyzers;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>Loads the index while the host starts, before any trigger fires and before the host calls itself ready.</summary>
internal sealed class AssetIndexLoader(
    AssetStores stores,
    string home,
    TextAnalyzer texts,
    ImageAnalyzer images,
    RecentVectors recent,
    VectorIndexOptions options,
    TimeProvider time,
    ILogger<AssetIndex> log
) : IHostedLifecycleService
{
    private AssetIndex? _index;

    public AssetIndex Index => _index ?? throw new InvalidOperationException("The index is used before the host has started.");

    public async Task StartingAsync(CancellationToken cancellationToken) =>
        _index = await AssetIndex.LoadAsync(stores, stores[home], texts.Space, images.Space, time, recent, log, cancellationToken, options);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
