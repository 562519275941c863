using Serverless.Orchestrations.Exports;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Orchestrations.Validation;
using Serverless.Unit.Exports;
using Serverless.Unit.Orchestrations.Running;
using Serverless.Validation.Reports;
using Xunit;

namespace Serverless.Unit.Orchestrations.Retraining;

public sealed class RetrainTests
{
    private static readonly RetrainInput Input = new(
        new ExportInput(ExportRig.Plan, ExportRig.Start.AddDays(1), "ana"),
        null,
        null,
        "news",
        Seed: 7,
        "prod",
        new PromotionPlan(),
        "ana",
        ExportRig.Start
    );

    [Fact]
    public async Task Run_ExportsTrainsValidates_AndStartsThePromotion()
    {
        List<TrainedPromotion> started = [];

        RetrainStatus status = await RunAsync(Input, new TrainedVersion(3, null), Judged(passed: true), started);

        TrainedPromotion promotion = Assert.Single(started);
        Assert.Equal(new RetrainStatus(RetrainStatus.PromotionStarted, "news", "e1", 3, "reports/v.html", promotion.Id), status);
        Assert.Equal(("news", 3, "prod", "ana", true), Facts(promotion.Promotion));
        Assert.StartsWith("promotion-prod-news-", promotion.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoVersion_OrOneThatIsJudgedBad_StartsNoPromotion()
    {
        List<TrainedPromotion> started = [];

        RetrainStatus untrained = await RunAsync(Input, new TrainedVersion(null, "Too few rows."), Judged(passed: true), started);
        RetrainStatus bad = await RunAsync(Input, new TrainedVersion(3, null), Judged(passed: false), started);

        Assert.Equal((RetrainStatus.Refused, "Too few rows.", null), (untrained.Stage, untrained.Problem, untrained.Version));
        Assert.Equal((RetrainStatus.Refused, "It is worse.", 3), (bad.Stage, bad.Problem, bad.Version));
        Assert.Empty(started);
    }

    [Fact]
    public async Task AnExportThatThereIs_IsNotMadeAgain()
    {
        List<TrainedPromotion> started = [];

        RetrainStatus status = await RunAsync(
            Input with
            {
                Export = null,
                ExportName = "old",
                ExportVersion = "e0",
            },
            new TrainedVersion(4, null),
            Judged(passed: true),
            started
        );

        Assert.Equal(("old", "e0", 4), (status.ExportName, status.ExportVersion, status.Version));
    }

    private static ValidationResult Judged(bool passed) => new(passed, passed ? [] : ["It is worse."], [], "reports/v.html");

    private static (string, int, string, string, bool) Facts(PromotionInput input) =>
        (input.Model, input.Version, input.To, input.RequestedBy, input.Queue);

    private static async Task<RetrainStatus> RunAsync(
        RetrainInput input,
        TrainedVersion trained,
        ValidationResult judged,
        List<TrainedPromotion> started
    )
    {
        await using OrchestrationRunner runner = new();
        runner.Registry.AddOrchestrator<RetrainInput, RetrainStatus>(nameof(Retrain), Retrain.RunAsync);
        runner.Registry.AddOrchestrator<ExportInput, ExportStatus>(nameof(ExportData), ExportData.RunAsync);
        runner.Registry.AddOrchestrator<ValidateModelInput, ValidationResult>(nameof(ValidateModel), (_, _) => Task.FromResult(judged));
        runner
            .ActivityAsync<ExportInput, ExportStatus>(nameof(WriteExport), _ =>
                Task.FromResult(new ExportStatus(ExportStatus.Completed, "e1", 9, "00"))
            )
            .ActivityAsync<TrainInput, TrainedVersion>(nameof(TrainVersion), _ => Task.FromResult(trained))
            .ActivityAsync<TrainedPromotion, string?>(nameof(StartTrainedPromotion), promotion =>
            {
                started.Add(promotion);
                return Task.FromResult<string?>(null);
            });
        await runner.BeginAsync(nameof(Retrain), input, "retrain-1");
        return (await runner.FinishAsync("retrain-1")).ReadOutputAs<RetrainStatus>()!;
    }
}
