using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.GpuBatch;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Events;
using Serverless.Ingest.Steps;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;
using Serverless.Unit.Embedded.Runtime.Hosting;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Telemetry;

/// <summary>One trace from the HTTP request through the orchestration and the queue into the worker.</summary>
public sealed class TraceTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_ThatEndsInTheWorker_IsOneTrace()
    {
        ActivityTraceId trace = ActivityTraceId.CreateRandom();
        ConcurrentQueue<Activity> seen = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name.StartsWith("Serverless.", StringComparison.Ordinal) || source.Name is "Microsoft.AspNetCore" or "Microsoft.Azure.Functions.Worker",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace) seen.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using AssetRig rig = await AssetRig.OpenAsync(servers);
        AssetSource source = await rig.Bucket.UploadAsync("long.txt", "Anna Berg visited Oslo.");
        AzureWorkQueue queue = new(new AzureStorageOptions { ConnectionString = (await servers.Azurite).ConnectionString }, $"jobs-{trace}"[..30]);
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup(typeof(Functions), typeof(EnqueueGpuJob))
        {
            Configure = builder => builder.Services.AddKeyedSingleton(AssetLayout.GpuJobsQueue, queue).AddSingleton(source),
        });

        using HttpRequestMessage request = new(HttpMethod.Post, "api/start");
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        (await app.Client.SendAsync(request, Token)).EnsureSuccessStatusCode();
        WorkItem? job = null;
        await Recorder.UntilAsync(async () => (await queue.ReceiveAsync(1, TimeSpan.FromMinutes(1), Token)) is [var first] && (job = first) is not null);
        await RunnerOf(rig).RunAsync(queue, job!, Token);

        string[] names = [.. seen.Select(activity => activity.OperationName)];
        Assert.Contains("Microsoft.AspNetCore.Hosting.HttpRequestIn", names);
        Assert.Contains("function Start", names);
        Assert.Contains("function EnqueueGpuJob", names);
        Activity worker = Assert.Single(seen, activity => activity.OperationName == "gpu-batch job");
        Assert.Contains(seen, activity => activity.SpanId == worker.ParentSpanId && activity.OperationName == "function EnqueueGpuJob");
    }

    private static JobRunner RunnerOf(AssetRig rig) => new(
        rig.Get<VideoAnalyzer>(), rig.Get<LongTextAnalyzer>(),
        new JobAnswers(rig.Get<AssetSettlement>(), rig.Get<ResultAnnouncer>(), completions: null),
        new Serverless.GpuBatch.WorkerOptions { Lease = TimeSpan.FromMinutes(1) }, TimeProvider.System, NullLogger<JobRunner>.Instance);

    public sealed class Functions(AssetSource source)
    {
        [Function("Start")]
        public static Task StartAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
            client.ScheduleNewOrchestrationInstanceAsync("Parent");

        [Function("Parent")]
        public static Task ParentAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallSubOrchestratorAsync("Child");

        [Function("Child")]
        public static async Task ChildAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
            await context.CallActivityAsync(nameof(EnqueueGpuJob), await context.CallActivityAsync<GpuJobMessage>("MakeJob"));

        [Function("MakeJob")]
        public GpuJobMessage MakeJob([ActivityTrigger] string instanceId) =>
            new("job", new AnalysisRequest(source, MediaKind.Text, "text/plain", 23, 1, DateTimeOffset.UnixEpoch), InstanceId: null, DateTimeOffset.UnixEpoch);
    }
}
