using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Captures;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Validation;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Storage;
using Serverless.Unit.Orchestrations.Running;
using Serverless.Unit.Servers;
using Serverless.Validation.Reports;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion;

/// <summary>
/// Promotions over Azurite, in an environment of its own, by a clock that the test moves. Requests come by
/// themselves while time passes: what the rollout record says is answered and captured.
/// </summary>
internal sealed partial class PromotionRig : IAsyncDisposable
{
    public const string Requester = "ci";
    private const int MaxLooks = 400;

    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly OrchestrationRunner _host = new();
    private readonly ServiceProvider _services;

    private PromotionRig(AzureStorageOptions storage, string model)
    {
        Model = model;
        Environment = $"t{Guid.NewGuid():N}"[..16];
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_host.Time)
            .AddStorage(options => options.Azure = storage)
            .AddRegistry(options => options.Environments = [Environment, "dev"])
            .AddCaptures()
            .AddRollout()
            .AddWebhooks()
            .AddPromotion()
            .BuildServiceProvider();
        RegisterAll();
    }

    public string Environment { get; }

    public string Model { get; }

    /// <summary>What <c>ValidateModel</c> answers.</summary>
    public ValidationResult Validation { get; set; } = new(true, [], [], "validation/1.json");

    public PromotionPlan Plan { get; set; } =
        new()
        {
            Shadow = new ShadowStep { Bake = TimeSpan.FromMinutes(3), MinRequests = 20 },
            Approval = new ApprovalStep { People = ["ana", "li"], Required = 2 },
            Canary = [Step(0.5), Step(1)],
        };

    public OrchestrationRunner Host => _host;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static CanaryStep Step(double weight) =>
        new()
        {
            Weight = weight,
            Bake = TimeSpan.FromMinutes(3),
            MinRequests = 20,
        };

    public static async Task<PromotionRig> StartAsync(SharedServers servers, bool crashesEverywhere = false)
    {
        AzureStorageOptions storage = new() { ConnectionString = (await servers.Azurite).ConnectionString };
        return new PromotionRig(storage, await TrialModel.RegisterAsync(storage)) { CrashesEverywhere = crashesEverywhere };
    }

    /// <summary>Version 1 serves.</summary>
    public static async Task<PromotionRig> StartServingAsync(SharedServers servers, bool crashesEverywhere = false)
    {
        PromotionRig rig = await StartAsync(servers, crashesEverywhere);
        await rig.Get<ModelAliases>()
            .MoveAsync(rig.Environment, rig.Model, new AliasMove(1, AliasExpectation.Nothing, "setup", null), Cancellation);
        return rig;
    }

    public async Task<string> BeginAsync(int version = 2, string key = "1", bool queue = false, string? id = null)
    {
        id ??= PromotionScheduler.IdOf(Environment, Model, key);
        PromotionInput input = new(
            Model,
            version,
            null,
            Environment,
            Requester,
            Plan,
            queue,
            _host.Time.GetUtcNow(),
            PromotionInput.NewestOrder
        );
        await _host.Client.StartAsync(id, input, Cancellation);
        return id;
    }

    /// <summary>Lets time pass, with requests, until the promotion is at the stage, or has ended.</summary>
    public async Task<PromotionStatus> UntilAsync(string id, string stage)
    {
        for (int look = 0; look < MaxLooks; look++)
        {
            await SettleAsync();
            OrchestrationMetadata run = (await _host.Client.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation))!;
            Assert.Null(run.FailureDetails?.ErrorMessage);
            PromotionStatus? status = run.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<PromotionStatus>();
            if (status is not null && (run.IsCompleted || status.Stage == stage))
            {
                return status;
            }
            await SendRequestsAsync();
            _host.Time.Advance(Look);
        }
        throw new TimeoutException($"Promotion '{id}' did not come to '{stage}' in {MaxLooks * Look}.");
    }

    public async Task<PromotionStatus> DecideAsync(string id, string by, bool approve, string? reason = null)
    {
        await _host.Client.RaiseEventAsync(id, ApprovalDecision.EventName, new ApprovalDecision(by, approve, reason), Cancellation);
        await SettleAsync();
        return (await _host.Client.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation))!.ReadCustomStatusAs<PromotionStatus>()!;
    }

    /// <summary>Through all steps, both people agreeing.</summary>
    public async Task<PromotionStatus> PromoteAsync(string id)
    {
        PromotionStatus status = await UntilAsync(id, "approval");
        if (status.Verdict is not null)
        {
            return status;
        }
        await DecideAsync(id, "ana", approve: true);
        await DecideAsync(id, "li", approve: true);
        return await UntilAsync(id, "ended");
    }

    public async Task CancelAsync(string id)
    {
        await _host.Client.RaiseEventAsync(id, RunCancel.EventName, new RunCancel("ana", "no time"), Cancellation);
        await SettleAsync();
    }

    /// <summary>The version that the alias names, and what the record divides beside it.</summary>
    public async Task<(int? Alias, CanaryArm? Canary, ShadowTap? Shadow, string? Owner)> ServesAsync()
    {
        RolloutRecord? record = await Get<RolloutStore>().FindAsync(Environment, Model, Cancellation);
        ModelAlias? alias = await Get<ModelAliases>().FindAsync(Environment, Model, Cancellation);
        return (alias?.Version, record?.Canary, record?.Shadow, record?.Owner);
    }

    public async Task AssertHistoryAsync(HistoryEvent happened, string why) =>
        Assert.Contains(await Get<DeploymentHistory>().ListAsync(Environment, Model, Cancellation), record =>
            record.Event == happened && record.Why?.Contains(why, StringComparison.Ordinal) == true
        );

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _services.DisposeAsync();
    }

    private void RegisterAll()
    {
        _host
            .Registry.AddOrchestrator<PromotionInput, PromotionResult>(nameof(PromoteModel), PromoteModel.RunAsync)
            .AddOrchestrator<WatchInput, WatchOutcome>(nameof(WatchVersion), WatchVersion.RunAsync)
            .AddOrchestrator<ValidateModelInput, ValidationResult>("ValidateModel", async (context, _) =>
            {
                Task<RunCancel> cancel = context.WaitForExternalEvent<RunCancel>(RunCancel.EventName);
                using CancellationTokenSource done = new();
                bool isCancelled = await Task.WhenAny(cancel, context.CreateTimer(TimeSpan.FromMinutes(2), done.Token)) == cancel;
                done.Cancel(); // CancelAsync would leave the orchestrator's turn
                return isCancelled ? new ValidationResult(false, [$"Cancelled by {(await cancel).By}."], [], null) : Validation;
            });
        Activity<EnterInput, PromotionTurn>(nameof(EnterPromotion), input =>
            Make<EnterPromotion>().RunAsync(input, _host.Client, Cancellation)
        );
        Activity<CheckInput, PromotionChecks>(nameof(CheckPromotion), input => Make<CheckPromotion>().RunAsync(input, Cancellation));
        Activity<TrafficInput, string?>(nameof(SetTraffic), input => Make<SetTraffic>().RunAsync(input, Cancellation));
        Activity<WatchInput, TrafficSeen>(nameof(SampleTraffic), input => Make<SampleTraffic>().RunAsync(input, Cancellation));
        Activity<DiffInput, DiffAnswer>(nameof(ReportDifferences), input => Make<ReportDifferences>().RunAsync(input, Cancellation));
        Activity<SwitchInput, string?>(nameof(SwitchAlias), input => Make<SwitchAlias>().RunAsync(input, Cancellation));
        Activity<StepOutcome, bool>(nameof(PublishStep), async input => await Done(Make<PublishStep>().RunAsync(input, Cancellation)));
        Activity<PromotionTarget, bool>(nameof(RestoreTraffic), async input =>
            await Done(Make<RestoreTraffic>().RunAsync(input, Cancellation))
        );
        Activity<PromotionTarget, bool>(nameof(ReleaseTraffic), async input =>
            await Done(Make<ReleaseTraffic>().RunAsync(input, Cancellation))
        );
        Activity<PromotionTarget, string?>(nameof(LeavePromotion), input => Make<LeavePromotion>().RunAsync(input, Cancellation));
    }

    private T Make<T>() => ActivatorUtilities.CreateInstance<T>(_services);

    private static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }
}
