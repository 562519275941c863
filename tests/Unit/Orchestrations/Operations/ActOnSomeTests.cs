using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Audit;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Bulk;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

/// <summary>Acts on many runs, whose process may end at any time and whose step is done again then.</summary>
public sealed class ActOnSomeTests(SharedServers servers)
{
    private static readonly DateTimeOffset Asked = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Mock<DurableTaskClient> _client = new("client");
    private readonly Dictionary<string, OrchestrationMetadata> _runs = [];
    private readonly List<string> _restarted = [];
    private readonly string _id = $"acts-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_ThatIsDoneAgain_BeginsNoRunTwice()
    {
        using AuditLog audit = await OpenAsync();
        SetUp("a", "b", "c");
        int asks = 0;
        _client
            .Setup(client => client.RestartAsync(It.IsAny<string>(), false, It.IsAny<CancellationToken>()))
            .ReturnsAsync((string id, bool _, CancellationToken _) => ++asks == 2 ? throw new IOException(Restart(id)) : Restart(id));

        ActOnSome first = await ActivityAsync(audit, "a", "b", "c");
        await Assert.ThrowsAsync<IOException>(() => first.RunAsync(Input(BulkAct.Restart), _client.Object, Token));
        ActCounts counts = await (await ActivityAsync(audit)).RunAsync(Input(BulkAct.Restart), _client.Object, Token);
        ActCounts again = await (await ActivityAsync(audit)).RunAsync(Input(BulkAct.Restart), _client.Object, Token);

        Assert.Equal(["a", "b", "c"], _restarted);
        Assert.Equal((new ActCounts(3, 0), counts), (counts, again));
    }

    [Theory]
    [InlineData(BulkAct.Restart, OrchestrationRuntimeStatus.Failed, 0, 1)]
    [InlineData(BulkAct.Purge, OrchestrationRuntimeStatus.Failed, 0, 1)]
    [InlineData(BulkAct.Terminate, OrchestrationRuntimeStatus.Running, 1, 1)]
    [InlineData(BulkAct.Terminate, OrchestrationRuntimeStatus.Running, 0, 1, false)]
    public async Task Run_ThatHasChangedSinceItWasAskedFor_IsLeft(
        BulkAct act,
        OrchestrationRuntimeStatus status,
        int createdMinutesAfter,
        int updatedMinutesAfter,
        bool isRefused = true
    )
    {
        using AuditLog audit = await OpenAsync();
        SetUp("a");
        _runs["a"] = new OrchestrationMetadata("ReviseAsset", "a")
        {
            RuntimeStatus = status,
            CreatedAt = Asked.AddMinutes(createdMinutesAfter),
            LastUpdatedAt = Asked.AddMinutes(updatedMinutesAfter),
        };

        ActCounts counts = await (await ActivityAsync(audit, "a")).RunAsync(Input(act), _client.Object, Token);

        Assert.Equal(isRefused ? (0, 1) : (1, 0), (counts.Done, counts.Refused));
        Assert.Equal(isRefused, counts.Refusal?.Contains("after the act was asked for", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Redrive_TriesOnceWhatIsInQuarantine_AndLogsEach()
    {
        using AuditLog audit = await OpenAsync();
        AssetSource source = new("azure", "media", $"{_id}.txt", "v1");
        string[] assets = [source.AssetId, "gone"];
        await QuarantineAsync(source);
        List<string?> started = [];
        _client
            .Setup(client =>
                client.ScheduleNewOrchestrationInstanceAsync(
                    It.IsAny<TaskName>(),
                    It.IsAny<object>(),
                    It.IsAny<StartOrchestrationOptions>(),
                    It.IsAny<CancellationToken>()
                )
            )
            .ReturnsAsync(
                (TaskName _, object _, StartOrchestrationOptions options, CancellationToken _) =>
                {
                    started.Add(options.InstanceId);
                    return options.InstanceId!;
                }
            );

        ActCounts counts = await (await ActivityAsync(audit, assets)).RunAsync(Input(BulkAct.Redrive), _client.Object, Token);
        ActCounts again = await (await ActivityAsync(audit)).RunAsync(Input(BulkAct.Redrive), _client.Object, Token);

        Assert.Equal((new ActCounts(1, 1, "There is no asset 'gone'."), counts), (counts, again));
        Assert.Equal([source.InstanceId(run: 2)], started);
    }

    [Fact]
    public async Task Jobs_OfRunsThatHaveEnded_AreRefused()
    {
        using AuditLog audit = await OpenAsync();
        SetUp("a", "b");

        ActCounts requeued = await (await ActivityAsync(audit, "a", "b")).RunAsync(Input(BulkAct.Requeue), _client.Object, Token);

        Assert.Equal(new ActCounts(0, 2, "Run 'a' is failed and waits for no job."), requeued);
    }

    [Theory]
    [InlineData(BulkAct.Rewind, "RewindRun", "/api/runs/a%2Fb/rewind")]
    [InlineData(BulkAct.Cancel, "CancelJob", "/api/jobs/a%2Fb/cancel")]
    [InlineData(BulkAct.Requeue, "RequeueJob", "/api/jobs/a%2Fb/requeue")]
    [InlineData(BulkAct.Redrive, "RedriveAsset", "/api/quarantine/a%2Fb/redrive")]
    public void Each_IsLoggedAsIfItWereDoneAlone(BulkAct act, string function, string target)
    {
        Assert.Equal((function, target), BulkStep.NameOf(act, "a/b"));
    }

    [Fact]
    public void ActsOnRuns_HaveTheNamesThatRunsOfOlderVersionsGaveThem()
    {
        Assert.All(Enum.GetValues<RunAct>(), act => Assert.Equal(act.ToString(), ((BulkAct)act).ToString()));
    }

    private async Task QuarantineAsync(AssetSource source)
    {
        Failure failure = new(FailureKind.Malformed, "it is a test", Retryable: false);
        await new Ledger(new AssetStores([new AzureObjectStore((await servers.Azurite).Options)]), TimeProvider.System).UpdateAsync(
            source,
            (entry, now) => entry.Begin(1, MediaKind.Text, "text/plain", 1, now).Quarantine(failure, 1, now),
            Token
        );
    }

    private ActOnSomeInput Input(BulkAct act) => new(_id, 0, new ActOnRunsInput(act, 3, "ana", null, "it is a test", AskedAt: Asked));

    private string Restart(string id)
    {
        _restarted.Add(id);
        _runs[id] = Run(id, Asked.AddSeconds(1));
        return id;
    }

    private void SetUp(params string[] ids)
    {
        foreach (string id in ids)
        {
            _runs[id] = Run(id, Asked.AddHours(-1));
            _client.Setup(client => client.GetInstancesAsync(id, false, Token)).ReturnsAsync(() => _runs[id]);
            _client.Setup(client => client.GetInstanceAsync(id, It.IsAny<bool>(), Token)).ReturnsAsync(() => _runs[id]);
            _client.Setup(client => client.GetOrchestrationHistoryAsync(id, Token)).ReturnsAsync([]);
        }
    }

    private static OrchestrationMetadata Run(string id, DateTimeOffset at) =>
        new("ReviseAsset", id)
        {
            RuntimeStatus = OrchestrationRuntimeStatus.Failed,
            CreatedAt = at,
            LastUpdatedAt = at,
        };

    private async Task<AuditLog> OpenAsync() =>
        new(new AzureObjectStore((await servers.Azurite).Options), TimeProvider.System, $"audit/{_id}");

    /// <summary>One of a process of its own.</summary>
    private async Task<ActOnSome> ActivityAsync(AuditLog audit, params string[] selected)
    {
        AzureObjectStore store = new((await servers.Azurite).Options);
        RunSelections selections = new(store, TimeProvider.System);
        if (selected.Length > 0)
        {
            await selections.CreateAsync(_id, new RunSelection(selected), Token);
        }
        RunIndex index = new([store], new RunIndexOptions(), TimeProvider.System, NullLogger<RunIndex>.Instance);
        PurgedRuns purged = new(index, null!, TimeProvider.System);
        GpuJobs jobs = new(null!, TimeProvider.System);
        return new ActOnSome(selections, audit, new BulkStep(jobs, new LedgerViews(new AssetStores([store]), TimeProvider.System), purged));
    }
}
