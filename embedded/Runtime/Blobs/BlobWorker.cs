using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>Looks at one blob at a time: runs the function for a version that is not done, and settles how that went.</summary>
internal sealed class BlobWorker
{
    /// <summary>When an attempt of which nothing more is heard becomes due again; a running one is not taken twice by the backlog.</summary>
    private static readonly TimeSpan AttemptLasts = TimeSpan.FromMinutes(10);

    private readonly FunctionModel _function;
    private readonly BlobTriggerOptions _options;
    private readonly FunctionRunner _runner;
    private readonly EventFaults _faults;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PoisonBlobs _poison;

    public BlobWorker(
        FunctionModel function, BlobPathPattern path, BlobTriggerOptions options, string connection,
        StorageClients clients, TriggerDatabase database, FunctionRunner runner, EventFaults faults, TimeProvider time, ILogger<BlobWorker> logger)
    {
        (_function, Path, _options, _runner, _faults, _time, _logger) = (function, path, options, runner, faults, time, logger);
        var service = clients.Blobs(connection);
        Account = service.AccountName;
        Container = service.GetBlobContainerClient(path.Container);
        Receipts = new BlobReceipts(database, function.Name, path.Container);
        Storage = new Outage($"Container '{path.Container}'", logger);
        _poison = new PoisonBlobs(clients.Queues(connection));
    }

    public BlobPathPattern Path { get; }

    public string Account { get; }

    public BlobContainerClient Container { get; }

    public BlobReceipts Receipts { get; }

    public Outage Storage { get; }

    /// <summary>Runs the function where the blob's version is due; true where there is an attempt to be made later.</summary>
    public async Task<bool> LookAsync(string name, CancellationToken stop)
    {
        if (Path.Match(name) is not { } parts || await FindAsync(name, stop) is not { } blob)
        {
            Receipts.Forget(name);
            return false;
        }

        var receipt = Receipts.Find(name);
        var isKnown = receipt?.ETag == blob.ETag;
        if (isKnown && !(receipt!.Due <= _time.GetUtcNow())) // done, or an attempt is due later
            return false;
        var attempt = isKnown ? receipt!.Attempts + 1 : 1;
        if (attempt > _options.PoisonBlobThreshold)
        {
            await PoisonAsync(blob, attempt - 1, stop);
            return false;
        }

        Receipts.Due(name, blob.ETag, attempt, _time.GetUtcNow() + AttemptLasts);
        try
        {
            await Task.WhenAll(_faults.Apply([blob]).Select(arriving => RunAsync(arriving, parts, attempt - 1)));
            Receipts.Done(name, blob.ETag, attempt);
            return false;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Receipts.Due(name, blob.ETag, attempt - 1, _time.GetUtcNow()); // handed back uncounted
            return false;
        }
        catch (Exception)
        {
            return await SettleFailureAsync(blob, attempt, stop);
        }
    }

    public Task RunAsync(ArrivedBlob blob, IReadOnlyDictionary<string, string> parts, int retryCount) =>
        _runner.RunAsync(_function, new TriggerEvent($"blob '{Container.Name}/{blob.Name}'", blob, blob.BindingData(parts))
        {
            RetryCount = retryCount,
            MaxRetryCount = _options.PoisonBlobThreshold,
        }, CancellationToken.None);

    public void ReportReceipts(Exception failure) => Log.ReceiptsFailed(_logger, Container.Name, failure.Message);

    /// <summary>Null where there is no such blob, or none that may be read.</summary>
    public async Task<ArrivedBlob?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await Container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new ArrivedBlob(Container, name, properties.Value);
        }
        catch (RequestFailedException refused) when (!Outage.IsOne(refused))
        {
            if (refused.Status != 404)
                Log.BlobRefused(_logger, Container.Name, name, refused.Status, refused.ErrorCode);
            return null;
        }
    }

    private async Task<bool> SettleFailureAsync(ArrivedBlob blob, int attempt, CancellationToken stop)
    {
        var now = await FindAsync(blob.Name, stop);
        if (now is null)
        {
            Log.BlobGone(_logger, _function.Name, Container.Name, blob.Name);
            Receipts.Forget(blob.Name);
            return false;
        }

        if (now.ETag != blob.ETag)
        {
            Receipts.Due(blob.Name, now.ETag, 0, _time.GetUtcNow()); // the failure was a former version's
            return true;
        }

        if (attempt >= _options.PoisonBlobThreshold)
        {
            await PoisonAsync(blob, attempt, stop);
            return false;
        }

        Receipts.Due(blob.Name, blob.ETag, attempt, _time.GetUtcNow() + (_options.FirstRetryDelay * Math.Pow(4, attempt - 1)));
        return true;
    }

    private async Task PoisonAsync(ArrivedBlob blob, int attempts, CancellationToken stop)
    {
        await _poison.AddAsync(_function.Definition.Id, blob, stop);
        Receipts.Done(blob.Name, blob.ETag, attempts);
        Log.BlobPoisoned(_logger, Container.Name, blob.Name, attempts, PoisonBlobs.QueueName);
    }
}
