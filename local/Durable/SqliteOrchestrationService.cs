using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.Exceptions;
using Microsoft.Extensions.Logging;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Turns;
using Serverless.Local.Durable.Work;

namespace Serverless.Local.Durable;

/// <summary>
/// Stores the orchestrations and entities of one task hub for the Durable Task Framework, which runs them. What it holds in memory
/// is the history and the messages of the turns that run: at most as many as may run at a time. Thread-safe.
/// </summary>
internal sealed partial class SqliteOrchestrationService : IEntityOrchestrationService, IDisposable
{
    private readonly WorkSettings _settings;
    private readonly SqliteDurabilityOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkClaims _claims;
    private readonly TurnLoader _turns;
    private readonly CompletionSignals _completions = new();
    private readonly Lazy<DurableStore> _store;

    public SqliteOrchestrationService(WorkSettings settings, SqliteDurabilityOptions options, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _options = options;
        _time = time;
        _logger = logger;
        string path = Path.GetFullPath(options.FilePath);
        _claims = new WorkClaims(settings, options, new DurableStorePath(path), logger, time, Wake);
        _store = new Lazy<DurableStore>(() => DurableStore.Open(path, settings.HubName, time, _claims, options.HasWriter));
        _turns = new TurnLoader(() => Store);
        EntityBackendQueries = new EntityQueries(this, () => Store);
    }

    public int TaskOrchestrationDispatcherCount => 1;

    public int TaskActivityDispatcherCount => 1;

    public int MaxConcurrentTaskOrchestrationWorkItems => _settings.MaxConcurrentOrchestrations;

    public int MaxConcurrentTaskActivityWorkItems => _settings.MaxConcurrentActivities;

    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    public EntityBackendProperties EntityBackendProperties =>
        new()
        {
            UseSeparateQueueForEntityWorkItems = _options.SeparatesEntities,
            MaxConcurrentTaskEntityWorkItems = _settings.MaxConcurrentEntities,
            MaxEntityOperationBatchSize = _settings.MaxEntityBatchSize,
            SupportsImplicitEntityDeletion = true,
            MaximumSignalDelayTime = TimeSpan.MaxValue,

            // Messages arrive once and in order, so that none has to be sorted.
            EntityMessageReorderWindow = TimeSpan.Zero,
        };

    public EntityBackendQueries EntityBackendQueries { get; }

    internal DurableStore Store => _store.Value;

    public void SeparateEntities(bool separates) => _options.SeparatesEntities = separates;

    public Task CreateAsync() => CreateAsync(recreateInstanceStore: false);

    public Task CreateAsync(bool recreateInstanceStore) => recreateInstanceStore ? DeleteAsync() : CreateIfNotExistsAsync();

    public Task CreateIfNotExistsAsync()
    {
        _ = Store;
        return Task.CompletedTask;
    }

    public Task DeleteAsync() => DeleteAsync(deleteInstanceStore: true);

    public Task DeleteAsync(bool deleteInstanceStore) =>
        Store.WriteAsync(transaction =>
        {
            foreach (string table in (string[])["history", "messages", "activities", "instances"])
            {
                transaction.Session.Execute($"DELETE FROM {table} WHERE hub = ?1", transaction.Hub);
            }

            return 0;
        });

    public Task StartAsync()
    {
        _claims.Open();
        return Store.WriteAsync(_ => 0);
    }

    public Task StopAsync() => StopAsync(isForced: false);

    public async Task StopAsync(bool isForced)
    {
        await Store
            .WriteAsync(transaction =>
            {
                _claims.Close(transaction);
                return 0;
            })
            .ConfigureAwait(false);
        _claims.Forget();
    }

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;

    public int GetDelayInSecondsAfterOnFetchException(Exception exception) =>
        exception is TimeoutException or OperationCanceledException ? 0 : 1;

    /// <summary>Ends as a crash would, with or without the system unlocking what the process had locked.</summary>
    public void Abandon(bool unlocks)
    {
        _claims.Dispose();
        Store.Abandon();
        if (unlocks)
        {
            _claims.Unlock();
        }
    }

    public void Dispose()
    {
        _claims.Dispose();
        if (_store.IsValueCreated)
        {
            Store.Dispose();
        }
    }

    private void Wake()
    {
        if (_store.IsValueCreated)
        {
            _ = LookForWorkAsync();
        }
    }

    /// <summary>Writes nothing: claiming is the last step of every commit.</summary>
    private async Task LookForWorkAsync()
    {
        try
        {
            await Store.WriteAsync(_ => 0).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // A store that was closed meanwhile has nothing to claim.
        }
        catch (SqliteStoreException e)
        {
            Log.LookFailed(_logger, e);
            _claims.WakeLater();
        }
    }

    // Where the disk refuses it, it is given back later: it must not stay in a hand that has let go of it.
    private async Task GiveBackAsync(Action<StoreTransaction> work)
    {
        _claims.GiveBack(work);
        await Store.WriteAsync(_ => 0).ConfigureAwait(false);
    }

    private static SessionAbortedException Refused(string message) => new(message);
}
