using System.Globalization;
using System.Text.Json;
using Serverless.Functions.Azure.OpenApi;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.Unit.Functions.Azure;

/// <summary>host.json holds only what the Functions host and its extensions read; they pass over what they do not know.</summary>
public sealed class HostFileTests
{
    /// <summary>By section: the names that its reader knows, and where they are declared.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        // Azure/azure-functions-host, HostJsonFileConfigurationSource.WellKnownHostJsonProperties
        [""] =
        [
            "version",
            "functionTimeout",
            "retry",
            "functions",
            "http",
            "watchDirectories",
            "watchFiles",
            "singleton",
            "logging",
            "aggregator",
            "healthMonitor",
            "extensionBundle",
            "managedDependencies",
            "customHandler",
            "extensions",
            "concurrency",
        ],
        // Azure/azure-functions-host, ConfigurationSectionNames and LoggingFilterHelper
        ["logging"] = ["logLevel", "fileLoggingMode", "console", "applicationInsights"],
        // Azure/azure-webjobs-sdk-extensions, HttpOptions
        ["extensions.http"] =
        [
            "routePrefix",
            "maxOutstandingRequests",
            "maxConcurrentRequests",
            "dynamicThrottlesEnabled",
            "hsts",
            "customHeaders",
        ],
        // Azure/azure-sdk-for-net, BlobsOptions
        ["extensions.blobs"] = ["maxDegreeOfParallelism", "poisonBlobThreshold"],
        // Azure/azure-sdk-for-net, QueuesOptions
        ["extensions.queues"] =
        [
            "batchSize",
            "newBatchThreshold",
            "maxPollingInterval",
            "maxDequeueCount",
            "visibilityTimeout",
            "messageEncoding",
        ],
        // Azure/azure-functions-durable-extension, DurableTaskOptions
        ["extensions.durableTask"] =
        [
            "hubName",
            "defaultVersion",
            "httpSettings",
            "storageProvider",
            "tracing",
            "notifications",
            "maxConcurrentActivityFunctions",
            "maxConcurrentOrchestratorFunctions",
            "maxConcurrentEntityFunctions",
            "localRpcEndpointEnabled",
            "maxEntityOperationBatchSize",
            "extendedSessionsEnabled",
            "extendedSessionIdleTimeoutInSeconds",
            "maxOrchestrationActions",
            "overridableExistingInstanceStates",
            "entityMessageReorderWindowInMinutes",
            "useGracefulShutdown",
            "rollbackEntityOperationsOnExceptions",
            "throwStatusExceptionsOnRaiseEvent",
            "useAppLease",
            "storeInputsInOrchestrationHistory",
            "appLeaseOptions",
        ],
        // Azure/azure-functions-durable-extension, AzureStorageOptions, and "type", by which AzureStorageDurabilityProviderFactory is
        // chosen
        ["extensions.durableTask.storageProvider"] =
        [
            "type",
            "connectionName",
            "connectionStringName",
            "controlQueueBatchSize",
            "partitionCount",
            "controlQueueBufferThreshold",
            "controlQueueVisibilityTimeout",
            "workItemQueueVisibilityTimeout",
            "trackingStoreConnectionName",
            "trackingStoreConnectionStringName",
            "trackingStoreNamePrefix",
            "fetchLargeMessagesAutomatically",
            "maxQueuePollingInterval",
            "useLegacyPartitionManagement",
            "useTablePartitionManagement",
            "allowReplayingTerminalInstances",
        ],
    };

    private static JsonElement File { get; } =
        JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Checkout.Root, "host.json"))).RootElement;

    public static TheoryData<string> Sections() => new(Known.Keys);

    [Theory, MemberData(nameof(Sections))]
    public void Section_HoldsOnlyWhatItsReaderKnows(string section)
    {
        IEnumerable<string> found = Find(section).EnumerateObject().Select(setting => setting.Name);

        Assert.Empty(found.Except(Known[section]));
    }

    [Fact]
    public void Extensions_AreThoseOfTheApp() =>
        Assert.Empty(Find("extensions").EnumerateObject().Select(extension => $"extensions.{extension.Name}").Except(Known.Keys));

    /// <summary>AzureStorageOptions.Validate allows 1 to 60 minutes. Work of a killed host is invisible for that long.</summary>
    [Theory, InlineData("controlQueueVisibilityTimeout"), InlineData("workItemQueueVisibilityTimeout")]
    public void WorkOfAKilledHost_IsVisibleAgainAfterAMinute(string name)
    {
        string? found = Find("extensions.durableTask.storageProvider").GetProperty(name).GetString();

        Assert.Equal(TimeSpan.FromMinutes(1), TimeSpan.Parse(found!, CultureInfo.InvariantCulture));
    }

    /// <summary>An answer of the GPU or an event that is given up on is lost to its run, and a run store may be away for an hour.</summary>
    [Fact]
    public void Messages_AreTriedAgain_ForMoreThanAnHour()
    {
        JsonElement queues = Find("extensions.queues");
        TimeSpan again = TimeSpan.Parse(queues.GetProperty("visibilityTimeout").GetString()!, CultureInfo.InvariantCulture);

        Assert.InRange(queues.GetProperty("maxDequeueCount").GetInt32() * again, TimeSpan.FromHours(1.5), TimeSpan.FromDays(1));
    }

    /// <summary>AzureWorkQueue writes base64, and reads both.</summary>
    [Fact]
    public void MessageEncoding_IsTheOneThatMessagesAreWrittenIn() =>
        Assert.Equal("base64", Find("extensions.queues").GetProperty("messageEncoding").GetString());

    /// <summary>The protocol's clients ask for /v2 at the root; every other function names /api itself.</summary>
    [Fact]
    public void RoutePrefix_IsNone_AndEveryRouteButTheProtocolsNamesApi()
    {
        Assert.Equal("", Find("extensions.http").GetProperty("routePrefix").GetString());
        Assert.All(HttpRoute.All, route => Assert.Matches("^/(api|v2)(/|$)", route.Path));
    }

    private static JsonElement Find(string section) =>
        section.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(File, (element, name) => element.GetProperty(name));
}
