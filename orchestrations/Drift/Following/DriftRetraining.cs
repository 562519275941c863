using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Exports.Asks;
using Serverless.Orchestrations.Exports;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Serving.Objectives;

namespace Serverless.Orchestrations.Drift.Following;

/// <summary>
/// Asks for a version that has learnt from what was labelled of late. The way into the environment is its plan's, and never without people
/// who approve of it. Thread-safe.
/// </summary>
public sealed class DriftRetraining(
    DriftActions actions,
    PromotionPlans plans,
    ObjectiveOptions objectives,
    LearnableRows learnable,
    DriftOptions options,
    TimeProvider time
)
{
    public const string Action = "retrain";

    public async Task<DriftDecision> DecideAsync(
        DurableTaskClient client,
        DriftSubject subject,
        DriftReport report,
        CancellationToken cancellationToken
    )
    {
        if (await actions.FindReplacedAsync(subject, cancellationToken) is { } replaced)
        {
            return Not(replaced);
        }
        if (await actions.FindCoolDownAsync(subject, Action, report.Name, "Retraining was asked for", cancellationToken) is { } soon)
        {
            return Not(soon);
        }
        RetrainInput input = InputOf(subject, report);
        if (string.Join(' ', ExportCheck.FindFaults(input.Export!.Plan, report.Created)) is { Length: > 0 } faults)
        {
            return Not(faults);
        }
        if (await learnable.FindLackAsync(input.Export, cancellationToken) is { } lack)
        {
            return Not(lack);
        }
        string run = await client.StartAsync(input, cancellationToken);
        string what =
            $"Retraining {run} learns from predictions labelled from {input.Export.Plan.From:u} to {input.Export.Plan.Until:u}, "
            + $"into '{input.Into}', up to the approval for {subject.Environment}.";
        await actions.NoteAsync(
            subject,
            new DriftActNote(Action, report.Name, run),
            $"{DriftWords.WhyOf(report)} {what}",
            cancellationToken
        );
        return new DriftDecision(Action, Done: true, what, time.GetUtcNow());

        DriftDecision Not(string reason) => new(Action, Done: false, reason, time.GetUtcNow());
    }

    /// <summary>All of it follows from the report, so that the same report asks for the same run.</summary>
    private RetrainInput InputOf(DriftSubject subject, DriftReport report)
    {
        DateTimeOffset until = report.Current.Until < report.Created ? report.Current.Until : report.Created;
        ExportPlan export = new(
            subject.Model.Replace('.', '-').Replace('_', '-').ToLowerInvariant(),
            subject.Model,
            subject.Version,
            subject.Environment,
            until - options.Retrain.Window,
            until,
            new ExportFilters(Labelled: true),
            new ExportSample(),
            Redact: [],
            Embeddings: true,
            KnownLabels: []
        );
        string into = options.Retrain.Into.TryGetValue(subject.Model, out string? other) ? other : subject.Model;
        PromotionPlan plan = plans.Of(objectives, into, subject.Environment);
        return new RetrainInput(
            ExportInput.Of(export, report.Created, DriftActions.By),
            ExportName: null,
            ExportVersion: null,
            into,
            Seed: 0,
            subject.Environment,
            plan with
            {
                Approval = plan.Approval ?? new ApprovalStep(),
            },
            DriftActions.By,
            report.Created
        );
    }
}
