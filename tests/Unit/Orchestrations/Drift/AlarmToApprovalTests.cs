using Microsoft.Extensions.Time.Testing;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Exports;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Orchestrations.Validation;
using Serverless.Registry;
using Serverless.Unit.Orchestrations.Promotion;
using Serverless.Unit.Orchestrations.Running;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Serverless.Validation.Reports;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift;

public sealed class AlarmToApprovalTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start.AddHours(2));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>In dev nobody approves of what people ask for; what an alarm asked for waits, and nothing has changed by then.</summary>
    [Fact]
    public async Task AnAlarm_TrainsAVersion_WhosePromotionWaitsForPeople()
    {
        RetrainInput asked = await AlarmAsync("dev");
        PromotionInput wanted = await RetrainAsync(asked);
        await using PromotionRig rig = await PromotionRig.StartServingAsync(servers);
        rig.Plan = wanted.Plan with { Shadow = null, Canary = [PromotionRig.Step(1)] }; // what takes time, and is no subject here

        string id = await rig.BeginAsync();
        PromotionStatus waiting = await rig.UntilAsync(id, "approval");
        (int? before, _, _, _) = await rig.ServesAsync();
        await rig.DecideAsync(id, "ana", approve: true);
        await rig.UntilAsync(id, "ended");
        (int? after, _, _, _) = await rig.ServesAsync();

        Assert.Equal(("drift", true, "dev"), (wanted.RequestedBy, wanted.Queue, wanted.To));
        Assert.Equal(("approval", null), (waiting.Stage, waiting.Verdict));
        Assert.Equal((1, 2), (before, after));
    }

    /// <summary>What an alarm with labelled predictions asks for.</summary>
    private async Task<RetrainInput> AlarmAsync(string environment)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        await rig.RegisterAsync("labels");
        await rig.Aliases.MoveAsync(environment, rig.Name, new AliasMove(1, AliasExpectation.Nothing, "ada", "because"), Token);
        await DriftRig.CaptureAsync(rig, environment, Start.AddMinutes(30));
        DriftRig drift = DriftRig.Of(rig, new DriftOptions(), _time);
        DriftSubject subject = new(environment, rig.Name, 1);
        DriftCheckRequest request = new(subject, new(Start, Start.AddHours(1)), DriftReference.Pinned, DriftLikeness.Any);
        DriftReport report = DriftRig.ReportOf(request, DriftVerdict.Alarm, "input.length", Start.AddHours(2));
        await drift.Retraining.DecideAsync(drift.Client, subject, report, Token);
        return Assert.IsType<RetrainInput>(Assert.Single(drift.Started).Value);
    }

    /// <summary>The promotion that a retraining starts, once the version is trained and has passed its validation.</summary>
    private static async Task<PromotionInput> RetrainAsync(RetrainInput input)
    {
        List<TrainedPromotion> started = [];
        await using OrchestrationRunner runner = new();
        runner.Registry.AddOrchestrator<RetrainInput, RetrainStatus>(nameof(Retrain), Retrain.RunAsync);
        runner.Registry.AddOrchestrator<ExportInput, ExportStatus>(nameof(ExportData), ExportData.RunAsync);
        runner.Registry.AddOrchestrator<ValidateModelInput, ValidationResult>(nameof(ValidateModel), (_, _) =>
            Task.FromResult(new ValidationResult(true, [], [], "reports/v.html"))
        );
        runner
            .ActivityAsync<ExportInput, ExportStatus>(nameof(WriteExport), _ =>
                Task.FromResult(new ExportStatus(ExportStatus.Completed, "e1", 9, "00"))
            )
            .ActivityAsync<TrainInput, TrainedVersion>(nameof(TrainVersion), _ => Task.FromResult(new TrainedVersion(2, null)))
            .ActivityAsync<TrainedPromotion, string?>(nameof(StartTrainedPromotion), promotion =>
            {
                started.Add(promotion);
                return Task.FromResult<string?>(null);
            });
        await runner.BeginAsync(nameof(Retrain), input, "retrain-1");
        await runner.FinishAsync("retrain-1");
        return Assert.Single(started).Promotion;
    }
}
