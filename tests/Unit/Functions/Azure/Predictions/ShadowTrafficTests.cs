using System.Text.Json;
using Serverless.Captures;
using Serverless.Rollout;
using Serverless.Rollout.Guards;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions;

/// <summary>Rollouts as callers and captures see them.</summary>
[Collection(nameof(PredictionApp))]
public sealed class ShadowTrafficTests(PredictionApp app)
{
    private const string Request =
        """{"inputs":[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},{"name":"b","shape":[1,4],"datatype":"FP32","data":[1,1,1,1]}]}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shadow_AnswersTheSameInput_AndTheComparisonIsCaptured()
    {
        string model = await ServeTwoAsync();
        await RollAsync(model, record => record with { Shadow = new ShadowTap(2, 1) });

        CaptureRecord comparison = await NextAsync(model, 2, CaptureKind.Comparison);

        Assert.Equal((1, 2), (comparison.Comparison!.Reference, comparison.Version));
        Assert.Null(comparison.Comparison.Fault);
        Assert.True(comparison.Comparison.Agrees);
        Assert.Equal(1, comparison.Comparison.ScoreShift!.Value, 1e-6); // the second package adds one
        Assert.InRange(comparison.Comparison.Cosine!.Value, 0.9, 0.9999);
        Assert.Equal("tensors", comparison.Input!.Kind);
    }

    [Fact]
    public async Task Shadow_ThatCannotAnswer_FailsNoCaller_AndIsCapturedWithItsFault()
    {
        string model = await ServeTwoAsync("labels");
        await RollAsync(model, record => record with { Shadow = new ShadowTap(2, 1) });

        CaptureRecord comparison = await NextAsync(model, 2, CaptureKind.Comparison);

        Assert.Equal("invalidInput", comparison.Comparison!.Fault);
        Assert.Null(comparison.Comparison.Agrees);
    }

    [Fact]
    public async Task Canary_ThatAnswers_IsMirroredToTheStableVersion_AndIsTheCandidate()
    {
        string model = await ServeTwoAsync();
        await RollAsync(model, record => record with { Canary = new CanaryArm(2, 1), Shadow = new ShadowTap(2, 1) });

        CaptureRecord comparison = await NextAsync(model, 2, CaptureKind.Comparison, arm: "canary");
        CaptureRecord prediction = await NextAsync(model, 2, CaptureKind.Prediction, arm: "canary");

        Assert.Equal((2, 1), (comparison.Version, comparison.Comparison!.Reference));
        Assert.Equal(1, comparison.Comparison.ScoreShift!.Value, 1e-6);
        Assert.Equal((200, 1L), (prediction.Status, prediction.Revision));
        Assert.Equal(16, prediction.KeyHash!.Length);
    }

    /// <summary>The rule of the rollout: followed within 2 seconds, and nobody notices.</summary>
    [Fact]
    public async Task Change_IsFollowed_WithoutAFailedRequest()
    {
        string model = await ServeTwoAsync();
        Assert.Equal("1", await VersionAsync(model));
        await app.Get<RolloutStore>()
            .UpdateAsync("prod", model, _ => RolloutRecord.Idle("prod", model, 1) with { Canary = new CanaryArm(2, 1) }, Token);

        await Recorder.UntilAsync(async () => await VersionAsync(model) == "2");
        await app.Get<RolloutStore>().UpdateAsync("prod", model, record => record!.Cleared(), Token);

        await Recorder.UntilAsync(async () => await VersionAsync(model) == "1");
    }

    [Fact]
    public async Task Override_AsksForAnArm_WhateverTheWeights()
    {
        string model = await ServeTwoAsync();
        await RollAsync(model, record => record with { Canary = new CanaryArm(2, 0) });

        Assert.Equal("1", await VersionAsync(model));
        await Recorder.UntilAsync(async () => (await SendAsync(model, ("X-Rollout-Arm", "canary"))).IsSuccessStatusCode);
        Assert.Equal(
            "2",
            (await PredictionApp.JsonOf(await SendAsync(model, ("X-Rollout-Arm", "canary")))).GetProperty("model_version").GetString()
        );
    }

    /// <summary>A test of the canary is not one of its callers: a tester could have it promoted or taken back.</summary>
    [Theory, InlineData("canary", 2), InlineData("stable", 1)]
    public async Task Override_CountsInNoGuardrail(string arm, int version)
    {
        string model = await ServeTwoAsync();
        await RollAsync(model, record => record with { Canary = new CanaryArm(2, 0) });
        await Recorder.UntilAsync(async () => (await SendAsync(model, ("X-Rollout-Arm", "canary"))).IsSuccessStatusCode);
        GuardTally seen = new();

        using HttpResponseMessage response = await SendAsync(model, ("X-Rollout-Arm", arm));
        JsonElement said = (await PredictionApp.JsonOf(response)).GetProperty("parameters");
        CaptureRecord captured = await NextAsync(model, version, CaptureKind.Prediction, arm: "forced", send: false);
        seen.Add(captured, stable: 1, candidate: 2, new GuardLimits(), DateTimeOffset.MinValue);

        Assert.Equal("forced", said.GetProperty("arm").GetString());
        Assert.Equal((0, 0), (seen.Stable.Requests, seen.Canary.Requests));
    }

    [Fact]
    public async Task Feedback_IsCapturedBesideItsPrediction()
    {
        string model = await ServeTwoAsync();
        string id = (await PredictionApp.JsonOf(await SendAsync(model)))
            .GetProperty("parameters")
            .GetProperty("prediction_id")
            .GetString()!;

        using HttpResponseMessage taken = await app.PostAsync(
            "api/feedback",
            $$"""{"predictionId":"{{id}}","value":1,"label":"harbour"}"""
        );
        using HttpResponseMessage refused = await app.PostAsync("api/feedback", """{"predictionId":"guess","value":1}""");
        using HttpResponseMessage empty = await app.PostAsync("api/feedback", $$"""{"predictionId":"{{id}}"}""");

        Assert.Equal([202, 400, 400], new[] { taken, refused, empty }.Select(response => (int)response.StatusCode));
        CaptureRecord feedback = await NextAsync(model, 1, CaptureKind.Feedback, send: false);
        Assert.Equal((id, 1, "harbour"), (feedback.PredictionId, feedback.Feedback!.Value, feedback.Feedback.Label));
    }

    [Fact]
    public async Task FeedbackWithALabel_IsHeldAgainstTheAnswer_AndBelievedForTheIdThatWasGivenAlone()
    {
        string model = await ServeTwoAsync();
        CaptureRecord predicted = await NextAsync(model, 1, CaptureKind.Prediction);
        string id = predicted.PredictionId,
            label = predicted.Output!.Label!;

        JsonElement right = await PredictionApp.JsonOf(await FeedBackAsync(id, label));
        JsonElement wrong = await PredictionApp.JsonOf(await FeedBackAsync(id, "harbour"));
        using HttpResponseMessage madeUp = await FeedBackAsync(id.Replace(".stable.", ".canary.", StringComparison.Ordinal), label);
        using HttpResponseMessage bare = await FeedBackAsync(id[..^(PredictionSeal.Characters + 1)], label);

        Assert.Equal((true, false), (right.GetProperty("correct").GetBoolean(), wrong.GetProperty("correct").GetBoolean()));
        Assert.Equal((400, 202), ((int)madeUp.StatusCode, (int)bare.StatusCode));
        Assert.False((await PredictionApp.JsonOf(bare)).TryGetProperty("correct", out _));
        Assert.True((await NextAsync(model, 1, CaptureKind.Feedback, send: false)).Feedback!.Sealed);
    }

    private Task<HttpResponseMessage> FeedBackAsync(string id, string label) =>
        app.PostAsync("api/feedback", $$"""{"predictionId":"{{id}}","label":"{{label}}"}""");

    private async Task<string> ServeTwoAsync(string second = "tensors-sums-shifted")
    {
        string model = $"m{Guid.NewGuid():N}"[..20];
        await app.ServeAsync("tensors-sums", model);
        await app.RegisterAsync(second, model);
        return model;
    }

    private Task RollAsync(string model, Func<RolloutRecord, RolloutRecord> change) =>
        app.Get<RolloutStore>().UpdateAsync("prod", model, _ => change(RolloutRecord.Idle("prod", model, 1)), Token);

    private Task<HttpResponseMessage> SendAsync(string model, params (string, string)[] headers) =>
        app.PostAsync($"api/v2/models/{model}/infer", Request, [("X-Routing-Key", "anna"), .. headers]);

    /// <summary>Fails when the request did.</summary>
    private async Task<string> VersionAsync(string model)
    {
        using HttpResponseMessage response = await SendAsync(model);
        JsonElement json = await PredictionApp.JsonOf(response);
        return response.IsSuccessStatusCode
            ? json.GetProperty("model_version").GetString()!
            : throw new HttpRequestException(json.GetRawText());
    }

    /// <summary>The first such capture, while requests keep coming.</summary>
    private async Task<CaptureRecord> NextAsync(string model, int version, CaptureKind kind, string? arm = null, bool send = true)
    {
        CaptureRecord? found = null;
        await Recorder.UntilAsync(async () =>
        {
            if (send)
            {
                await VersionAsync(model);
            }
            await app.Get<CaptureWriter>().FlushAsync(Token);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            await foreach (
                CaptureRecord record in app.Get<CaptureReader>().ReadAsync(model, version, now.AddMinutes(-5), now.AddMinutes(1), Token)
            )
            {
                if (record.Kind == kind && (arm is null || record.Arm == arm))
                {
                    found ??= record;
                }
            }
            return found is not null;
        });
        return found!;
    }
}
