using Microsoft.Extensions.Time.Testing;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Exports.Asks;
using Serverless.Orchestrations.Drift.Following;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Registry;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Drift.Following;

public sealed class DriftRetrainingTests(SharedServers servers)
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start.AddHours(2));
    private readonly DriftOptions _options = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>dev has a plan in which nobody approves; what asks for itself is approved of all the same.</summary>
    [Theory, InlineData("prod"), InlineData("dev")]
    public async Task AnAlarm_AsksForAVersion_ThatPeopleApproveOf(string environment)
    {
        await using RegistryRig rig = await OpenAsync(environment);
        DriftRig drift = DriftRig.Of(rig, _options, _time);
        _options.Retrain.Into[rig.Name] = "head";

        DriftDecision decision = await DecideAsync(drift, rig, environment, hour: 1);

        (string run, object started) = Assert.Single(drift.Started);
        RetrainInput input = Assert.IsType<RetrainInput>(started);
        ExportPlan export = input.Export!.Plan;
        Assert.True(decision.Done);
        Assert.Contains(run, decision.Reason);
        Assert.Equal(("head", environment, "drift"), (input.Into, input.Target, input.By));
        Assert.NotNull(input.Plan.Approval);
        // As of a promotion that somebody asks for: "head" has an objective.
        PromotionPlan asked = new PromotionPlans(new PromotionOptions()).Of(DriftRig.Objectives, "head", environment);
        Assert.Equal(0.01, input.Plan.Guards.MaxErrorShare!.Value, 1e-9);
        Assert.Equal(200, input.Plan.Guards.MaxP95Milliseconds);
        Assert.Equal(asked.Guards, input.Plan.Guards);
        Assert.Equal((Start.AddHours(1).AddDays(-14), Start.AddHours(1)), (export.From, export.Until));
        Assert.Equal((true, true), (export.Filters.Labelled, export.Embeddings));
    }

    [Fact]
    public async Task TheSameReport_AsksOnce_AndALaterOneWaitsForTheCoolDown()
    {
        await using RegistryRig rig = await OpenAsync("prod");
        DriftRig drift = DriftRig.Of(rig, _options, _time);

        DriftDecision first = await DecideAsync(drift, rig, "prod", hour: 1);
        DriftDecision again = await DecideAsync(drift, rig, "prod", hour: 1);
        DriftDecision soon = await DecideAsync(drift, rig, "prod", hour: 2);
        _time.Advance(_options.CoolDown);
        DriftDecision later = await DecideAsync(drift, rig, "prod", hour: 3);

        Assert.Equal((true, true, false, true), (first.Done, again.Done, soon.Done, later.Done));
        Assert.Contains("Retraining was asked for at 2030-01-07 02:00:00Z, less than", soon.Reason);
        Assert.Equal(2, drift.Started.Count);
        Assert.Equal(2, (await rig.History.ListAsync("prod", rig.Name, Token)).Count(record => record.Event == HistoryEvent.Noted));
    }

    /// <summary>A run that could only fail is not begun, and the next alarm may ask again at once.</summary>
    [Fact]
    public async Task NothingToLearnFrom_IsSaid_AndNoRunBegins()
    {
        await using RegistryRig rig = await OpenAsync("prod", captured: false);
        DriftRig drift = DriftRig.Of(rig, _options, _time);

        DriftDecision nothing = await DecideAsync(drift, rig, "prod", hour: 1);
        await DriftRig.CaptureAsync(rig, "prod", Start.AddMinutes(30), labelled: false);
        DriftDecision unlabelled = await DecideAsync(drift, rig, "prod", hour: 1);
        int begun = drift.Started.Count;
        await DriftRig.CaptureAsync(rig, "prod", Start.AddMinutes(30));
        DriftDecision labelled = await DecideAsync(drift, rig, "prod", hour: 1);

        Assert.Equal((false, false, 0, true), (nothing.Done, unlabelled.Done, begun, labelled.Done));
        Assert.StartsWith($"Nobody has labelled a captured prediction of '{rig.Name}' version 1 in prod", unlabelled.Reason);
    }

    [Fact]
    public async Task WhatAnAskedCheckBrought_DoesNotHoldBackTheTimers()
    {
        await using RegistryRig rig = await OpenAsync("prod");
        DriftRig drift = DriftRig.Of(rig, _options, _time);

        DriftDecision asked = await DecideAsync(drift, rig, "prod", hour: 1, asked: true);
        DriftDecision timed = await DecideAsync(drift, rig, "prod", hour: 1);
        DriftDecision askedAgain = await DecideAsync(drift, rig, "prod", hour: 2, asked: true);

        Assert.Equal((true, true, false), (asked.Done, timed.Done, askedAgain.Done));
    }

    [Fact]
    public async Task AVersionThatDoesNotServe_IsNotTrainedAnew()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        DriftRig drift = DriftRig.Of(rig, _options, _time);

        DriftDecision decision = await DecideAsync(drift, rig, "prod", hour: 1);

        Assert.Equal((false, "Version 1 does not serve any more; none does."), (decision.Done, decision.Reason));
        Assert.Empty(drift.Started);
    }

    private async Task<RegistryRig> OpenAsync(string environment, bool captured = true)
    {
        RegistryRig rig = await RegistryRig.OpenAsync(servers, time: _time);
        await rig.RegisterAsync("labels");
        await rig.Aliases.MoveAsync(environment, rig.Name, new AliasMove(1, AliasExpectation.Nothing, "ada", "because"), Token);
        if (captured)
        {
            await DriftRig.CaptureAsync(rig, environment, Start.AddMinutes(30));
        }
        return rig;
    }

    private Task<DriftDecision> DecideAsync(DriftRig drift, RegistryRig rig, string environment, int hour, bool asked = false)
    {
        DriftSubject subject = new(environment, rig.Name, 1);
        DriftWindow window = new(Start.AddHours(hour - 1), Start.AddHours(hour));
        DriftCheckRequest request = new(subject, window, DriftReference.Pinned, DriftLikeness.Any, Asked: asked);
        DriftReport report = DriftRig.ReportOf(request, DriftVerdict.Alarm, "input.length", Start.AddHours(Math.Max(2, hour)));
        return drift.Retraining.DecideAsync(drift.Client, subject, report, Token);
    }
}
