using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Scale;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Local.Durable.Work;

namespace Serverless.Local.Durable;

/// <summary>Makes the provider that host.json names by <c>storageProvider.type</c> "sqlite": one for each task hub.</summary>
internal sealed class SqliteDurabilityProviderFactory(
    IOptions<DurableTaskOptions> durable,
    IOptions<SqliteDurabilityOptions> sqlite,
    ILoggerFactory loggers,
    TimeProvider time
) : IDurabilityProviderFactory, IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Provided>> _byHub = new(StringComparer.OrdinalIgnoreCase);

    public string Name => SqliteDurabilityOptions.ProviderType;

    public DurabilityProvider GetDurabilityProvider() => Get(durable.Value.HubName);

    public DurabilityProvider GetDurabilityProvider(DurableClientAttribute attribute) =>
        Get(string.IsNullOrEmpty(attribute.TaskHub) ? durable.Value.HubName : attribute.TaskHub);

    public DurabilityProvider GetDurabilityProvider(DurableClientAttribute attribute, TriggerMetadata triggerMetadata) =>
        GetDurabilityProvider(attribute);

    public void SetUseSeparateQueueForEntityWorkItems(bool newValue) => sqlite.Value.SeparatesEntities = newValue;

    public void Dispose()
    {
        foreach (Lazy<Provided> provided in _byHub.Values.Where(provided => provided.IsValueCreated))
        {
            provided.Value.Service.Dispose();
        }
    }

    private DurabilityProvider Get(string hub) => _byHub.GetOrAdd(hub, name => new Lazy<Provided>(() => Make(name))).Value.Provider;

    private Provided Make(string hub)
    {
        DurableTaskOptions options = durable.Value;
        int concurrency = 10 * Environment.ProcessorCount;
        WorkSettings settings = new(
            hub,
            options.MaxConcurrentOrchestratorFunctions ??= concurrency,
            options.MaxConcurrentActivityFunctions ??= concurrency,
            options.MaxConcurrentEntityFunctions ??= concurrency,
            options.MaxEntityOperationBatchSize ??= 5000
        );
        if (options.StorageProvider.TryGetValue("filePath", out object? path) && path is string { Length: > 0 } file)
        {
            sqlite.Value.FilePath = file;
        }

        SqliteOrchestrationService service = new(settings, sqlite.Value, time, loggers.CreateLogger("Host.Triggers.DurableTask.Sqlite"));
        return new Provided(service, new SqliteDurabilityProvider(service));
    }

    private sealed record Provided(SqliteOrchestrationService Service, DurabilityProvider Provider);
}
