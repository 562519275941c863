using System.Diagnostics;
using DurableTask.AzureStorage;
using DurableTask.Core;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Local.Durable;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>
/// A worker and a client of the Durable Task Framework in this process, over one storage provider. No host and no language worker
/// take part, so that two of them differ by their providers alone.
/// </summary>
internal sealed class DurableHub : IAsyncDisposable
{
    /// <summary>What runs at a time, as the app's host.json has it.</summary>
    public const int MaxOrchestrators = 32,
        MaxActivities = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly TaskHubWorker _worker;
    private readonly TaskHubClient _client;
    private readonly EventMoments _moments = new();
    private readonly long _start = DateTime.UtcNow.Ticks; // hubs that are started one after the other on a file name their runs apart
    private readonly IDisposable? _services;
    private readonly DurabilityProvider? _provider;
    private int _number;

    private DurableHub(
        string name,
        IOrchestrationService service,
        IOrchestrationServiceClient client,
        IDisposable? services,
        DurabilityProvider? provider
    )
    {
        Name = name;
        (_services, _provider) = (services, provider);
        _worker = new TaskHubWorker(service);
        _worker.AddTaskOrchestrations(typeof(OneActivity), typeof(FanOut));
        _worker.AddTaskOrchestrations(new AwaitEventCreator(_moments));
        _worker.AddTaskActivities(typeof(Echo));
        _client = new TaskHubClient(client);
    }

    public string Name { get; }

    /// <summary>Of the hub on SQLite: what the extension asks for lists and purges.</summary>
    public DurabilityProvider Provider => _provider ?? throw new InvalidOperationException($"The hub on {Name} has none.");

    public static async Task<DurableHub> StartSqliteAsync(string file)
    {
        ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .Configure<DurableTaskOptions>(options =>
            {
                options.HubName = "bench";
                options.MaxConcurrentOrchestratorFunctions = MaxOrchestrators;
                options.MaxConcurrentActivityFunctions = MaxActivities;
            })
            .AddSqliteDurability(options => options.FilePath = file)
            .BuildServiceProvider();
        DurabilityProvider provider = services.GetRequiredService<IDurabilityProviderFactory>().GetDurabilityProvider();
        return await StartAsync(new DurableHub("SQLite", provider, provider, services, provider));
    }

    /// <summary>With the settings that the Durable extension has by default, but for what runs at a time.</summary>
    public static async Task<DurableHub> StartAzureStorageAsync(string connectionString)
    {
        AzureStorageOrchestrationService service = new(
            new AzureStorageOrchestrationServiceSettings
            {
                TaskHubName = "bench",
                StorageAccountClientProvider = new StorageAccountClientProvider(connectionString),
                MaxConcurrentTaskOrchestrationWorkItems = MaxOrchestrators,
                MaxConcurrentTaskActivityWorkItems = MaxActivities,
                PartitionCount = 4,
                UseTablePartitionManagement = true,
            }
        );
        await service.CreateIfNotExistsAsync();
        return await StartAsync(new DurableHub("Azure Storage on Azurite", service, service, services: null, provider: null));
    }

    /// <summary>Starts an orchestration of one activity and waits for its end; the client waits in its own way.</summary>
    public async Task RunOneActivityAsync(CancellationToken cancellationToken) =>
        await RunAsync(typeof(OneActivity), "some input", cancellationToken);

    public async Task RunFanOutAsync(int activities, CancellationToken cancellationToken) =>
        await RunAsync(typeof(FanOut), activities, cancellationToken);

    /// <summary>What the history of an orchestration of one activity takes, as JSON.</summary>
    public async Task<int> MeasureHistoryBytesAsync(CancellationToken cancellationToken)
    {
        OrchestrationInstance instance = await RunAsync(typeof(OneActivity), "some input", cancellationToken);
        return System.Text.Encoding.UTF8.GetByteCount(await _client.GetOrchestrationHistoryAsync(instance));
    }

    /// <summary>Starts orchestrations that wait for an event; returns when all wait and that is stored.</summary>
    public async Task<IReadOnlyList<OrchestrationInstance>> StartWaitingAsync(int count, CancellationToken cancellationToken)
    {
        List<OrchestrationInstance> waiting = [];
        for (int i = 0; i < count; i++)
        {
            waiting.Add(await _client.CreateOrchestrationInstanceAsync(typeof(AwaitEvent), NextId(), ""));
        }
        await Task.WhenAll(waiting.Select(instance => _moments.WhenWaiting(instance.InstanceId))).WaitAsync(Limit, cancellationToken);
        await WhenStoredAsync(waiting, cancellationToken).WaitAsync(Limit, cancellationToken);
        return waiting;
    }

    /// <summary>A run is pending until its first turn is stored.</summary>
    private async Task WhenStoredAsync(IEnumerable<OrchestrationInstance> runs, CancellationToken cancellationToken)
    {
        foreach (OrchestrationInstance run in runs)
        {
            while (await _client.GetOrchestrationStateAsync(run) is not { OrchestrationStatus: OrchestrationStatus.Running })
            {
                await Task.Delay(Look, cancellationToken);
            }
        }
    }

    /// <summary>From the call that raises the event until the orchestrator's code goes on.</summary>
    public async Task<TimeSpan> TimeEventAsync(OrchestrationInstance waiting, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        Task<TimeSpan> resumed = ElapsedAsync(_moments.WhenResumed(waiting.InstanceId), startedAt);
        await _client.RaiseEventAsync(waiting, "go", "on");
        return await resumed.WaitAsync(Limit, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.StopAsync(isForced: true);
        _worker.Dispose();
        _services?.Dispose();
    }

    private static async Task<TimeSpan> ElapsedAsync(Task ended, long startedAt)
    {
        await ended;
        return Stopwatch.GetElapsedTime(startedAt);
    }

    private static async Task<DurableHub> StartAsync(DurableHub hub)
    {
        await hub._worker.StartAsync();
        return hub;
    }

    private async Task<OrchestrationInstance> RunAsync(Type orchestration, object input, CancellationToken cancellationToken)
    {
        OrchestrationInstance instance = await _client.CreateOrchestrationInstanceAsync(orchestration, NextId(), input);
        OrchestrationState? state = await _client.WaitForOrchestrationAsync(instance, Limit, cancellationToken);
        return state?.OrchestrationStatus == OrchestrationStatus.Completed
            ? instance
            : throw new StackException(
                $"{Name}: {orchestration.Name} '{instance.InstanceId}' is {state?.OrchestrationStatus} after {Limit}."
            );
    }

    private string NextId() => $"bench-{_start}-{Interlocked.Increment(ref _number)}";

    private sealed class AwaitEventCreator : ObjectCreator<TaskOrchestration>
    {
        private readonly EventMoments _moments;

        public AwaitEventCreator(EventMoments moments)
        {
            _moments = moments;
            Name = NameVersionHelper.GetDefaultName(typeof(AwaitEvent));
            Version = NameVersionHelper.GetDefaultVersion(typeof(AwaitEvent));
        }

        public override TaskOrchestration Create() => new AwaitEvent(_moments);
    }
}
