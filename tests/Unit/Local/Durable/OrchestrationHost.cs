using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.Exceptions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Durable;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Work;
using Xunit;

namespace Serverless.Unit.Local.Durable;

/// <summary>The framework's worker and client on the provider, on a file of its own. Several hosts can share a file.</summary>
internal sealed class OrchestrationHost : IAsyncDisposable
{
    private readonly string? _ownFolder;
    private readonly CodeByName<TaskOrchestration> _orchestrations = new();
    private readonly CodeByName<TaskActivity> _activities = new();
    private readonly CodeByName<TaskEntity> _entities = new();
    private TaskHubWorker? _worker;

    /// <param name="shared">Another host whose file and clock this one shares.</param>
    /// <param name="start">When the clock starts. The framework itself reads the machine's clock.</param>
    public OrchestrationHost(OrchestrationHost? shared = null, DateTimeOffset? start = null)
    {
        _ownFolder = shared is null ? Directory.CreateTempSubdirectory("durable-").FullName : null;
        Options.FilePath = shared?.Options.FilePath ?? Path.Combine(_ownFolder!, "durable.db");
        Time = shared?.Time ?? new FakeTimeProvider(start ?? DateTimeOffset.UtcNow);
    }

    public FakeTimeProvider Time { get; init; }

    public SqliteDurabilityOptions Options { get; } = new();

    public int Concurrency { get; init; } = 20;

    public string HubName { get; init; } = "hub";

    public SqliteOrchestrationService Service { get; private set; } = null!;

    public TaskHubClient Client { get; private set; } = null!;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public OrchestrationHost Orchestrator(string name, Func<OrchestrationCode, OrchestrationContext, string, Task<string>> code)
    {
        _orchestrations.Add(name, () => new OrchestrationCode(code));
        return this;
    }

    public OrchestrationHost Orchestrator(string name, Func<OrchestrationContext, string, Task<string>> code) =>
        Orchestrator(name, (_, context, input) => code(context, input));

    public OrchestrationHost Activity(string name, Func<string, Task<string>> code)
    {
        _activities.Add(name, () => new ActivityCode(code));
        return this;
    }

    public OrchestrationHost Activity(string name, Func<string, string> code) => Activity(name, input => Task.FromResult(code(input)));

    public OrchestrationHost Counter(Func<Task>? crash = null)
    {
        _entities.Add("counter", () => new CounterEntity(crash ?? (() => Task.CompletedTask)));
        return this;
    }

    /// <summary>Starts the worker too, unless only a client is wanted.</summary>
    public async Task<OrchestrationHost> StartAsync(bool works = true)
    {
        WorkSettings settings = new(HubName, Concurrency, Concurrency, Concurrency, 100);
        Service = new SqliteOrchestrationService(settings, Options, Time, NullLogger.Instance);
        Client = new TaskHubClient(Service);
        await Service.CreateIfNotExistsAsync();
        if (works)
        {
            _worker = new TaskHubWorker(Service, _orchestrations, new ActivityFallback(_activities), _entities)
            {
                ErrorPropagationMode = ErrorPropagationMode.UseFailureDetails,
            };
            await _worker.StartAsync();
        }

        return this;
    }

    /// <summary>Ends as a crash does. A process that hangs keeps what it has locked.</summary>
    public void Crash(bool hangs = false) => Service.Abandon(unlocks: !hangs);

    public async Task CrashAndRestartAsync()
    {
        Crash();
        await StartAsync();
    }

    public async Task StopAsync()
    {
        await _worker!.StopAsync(isForced: true);
        Service.Dispose();
    }

    public Task<OrchestrationInstance> BeginAsync(string name, string? input = null, string? id = null) =>
        Client.CreateOrchestrationInstanceAsync(name, "", id ?? Guid.NewGuid().ToString("N"), input);

    public async Task<OrchestrationState> RunAsync(string name, string? input = null, string? id = null) =>
        await FinishAsync((await BeginAsync(name, input, id)).InstanceId);

    public Task<OrchestrationState> FinishAsync(string id) =>
        Service.WaitForOrchestrationAsync(id, null, Timeout.InfiniteTimeSpan, Cancellation);

    public Task RaiseAsync(string id, string name, string value) =>
        Client.RaiseEventAsync(new OrchestrationInstance { InstanceId = id }, name, value);

    public Task SignalAsync(EntityId entity, string operation, string? input = null, DateTime? due = null) =>
        Service.SendTaskOrchestrationMessageAsync(
            ClientEntityHelpers
                .EmitOperationSignal(
                    new OrchestrationInstance { InstanceId = entity.ToString() },
                    Guid.NewGuid(),
                    operation,
                    input,
                    due is { } time ? (time, time) : null
                )
                .AsTaskMessage()
        );

    public async Task<string?> CounterAsync(EntityId entity) =>
        (await Service.EntityBackendQueries.GetEntityAsync(entity, includeState: true, cancellation: Cancellation))?.SerializedState;

    /// <summary>Waits until nothing is in hand and nothing is due: what has not happened by then will not happen by itself.</summary>
    public async Task QuietAsync()
    {
        using SqlSession session = new(Options.FilePath);
        while (
            session.Scalar(
                """
                SELECT (SELECT count(*) FROM instances WHERE owner IS NOT NULL OR ready_at <= ?1)
                    + (SELECT count(*) FROM activities WHERE owner IS NOT NULL OR due_at <= ?1)
                """,
                Time.GetUtcNow().UtcTicks
            ) > 0
        )
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Makes the next turn of an instance, that nobody has in hand, one too many, as deaths of the process do.</summary>
    public async Task MakeLastAttemptAsync(string id)
    {
        using SqlSession session = new(Options.FilePath);
        while (session.Scalar("SELECT count(*) FROM instances WHERE id = ?1 AND owner IS NULL AND ready_at IS NOT NULL", id) == 0)
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        session.Execute("UPDATE instances SET attempts = ?2 WHERE id = ?1", id, (long)Options.MaxAttempts + 1);
    }

    public long Count(string sql)
    {
        using SqlSession session = new(Options.FilePath);
        return session.Scalar(sql);
    }

    public async ValueTask DisposeAsync()
    {
        if (Service is not null)
        {
            Crash();
        }

        if (_worker is not null)
        {
            await _worker.StopAsync(isForced: true).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }

    /// <summary>An activity that nobody wrote fails, as in the extension; the framework by itself would try for ever.</summary>
    private sealed class ActivityFallback(CodeByName<TaskActivity> known) : INameVersionObjectManager<TaskActivity>
    {
        public void Add(ObjectCreator<TaskActivity> creator) => known.Add(creator);

        public TaskActivity GetObject(string name, string? version) =>
            known.GetObject(name, version) ?? new ActivityCode(_ => throw new TypeMissingException(name));
    }
}
