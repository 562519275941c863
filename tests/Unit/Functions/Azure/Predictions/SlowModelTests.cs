using System.Globalization;
using System.Net;
using Serverless.Captures;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions;

/// <summary>What becomes of callers whose model takes longer than they wait, or has no room for them.</summary>
[Collection(nameof(PredictionApp))]
public sealed class SlowModelTests(PredictionApp app)
{
    private const long Forever = 1_000_000_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deadline_WhileTheModelRuns_Is504_AndTheRunEnds()
    {
        string model = await ServeAsync();
        using HttpResponseMessage response = await SendAsync(model, Forever, 1, ("X-Deadline-Ms", "150"));

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        await IdleAsync(model);
        Assert.Equal((504, "deadlinePassed"), await CaptureAsync(model));
    }

    [Fact]
    public async Task Caller_WhoGoes_StopsTheRun_AndIsCapturedAs499()
    {
        string model = await ServeAsync();
        using CancellationTokenSource gone = new();
        Task<HttpResponseMessage> asked = SendAsync(model, Forever, 1, gone.Token);
        await Recorder.UntilAsync(() => Task.FromResult(UsersOf(model) == 1));

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await IdleAsync(model);
        Assert.Equal((499, "disconnected"), await CaptureAsync(model));
    }

    [Fact]
    public async Task Queue_ThatIsFull_Is429_WithRetryAfter()
    {
        string model = await ServeAsync();
        using CancellationTokenSource gone = new();
        List<Task<HttpResponseMessage>> running = []; // two run, one waits; refused itself where it came before the second ran
        HttpResponseMessage? refused = null;
        await Recorder.UntilAsync(async () =>
        {
            running.RemoveAll(sent => sent.IsCompleted);
            while (running.Count < 3)
            {
                running.Add(SendAsync(model, Forever, 6_000, gone.Token));
            }
            if (UsersOf(model) < 3)
            {
                return false;
            }
            refused = await SendAsync(model, Forever, 6_000, ("X-Deadline-Ms", "500"));
            return refused.StatusCode == HttpStatusCode.TooManyRequests;
        });

        Assert.InRange(refused!.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3_600);
        Assert.Contains(
            "takes at most 10000",
            (await PredictionApp.JsonOf(refused)).GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running));
        await IdleAsync(model);
    }

    /// <summary>Each test's own, loaded before it begins.</summary>
    private async Task<string> ServeAsync()
    {
        string model = await app.ServeAsync("tensors-slow", $"slow{Guid.NewGuid():N}"[..16]);
        (await SendAsync(model, 0, 1)).EnsureSuccessStatusCode();
        return model;
    }

    private Task<HttpResponseMessage> SendAsync(string model, long turns, int elements, params (string, string)[] headers) =>
        app.PostAsync($"api/v2/models/{model}/infer", Body(turns, elements), headers);

    private async Task<HttpResponseMessage> SendAsync(string model, long turns, int elements, CancellationToken gone)
    {
        using StringContent body = new(Body(turns, elements));
        return await app.Client.PostAsync($"api/v2/models/{model}/infer", body, gone);
    }

    private static string Body(long turns, int elements) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"inputs":[{"name":"turns","shape":[{{elements}}],"datatype":"INT64","data":[{{turns}}{{string.Concat(Enumerable.Repeat(",0", elements - 1))}}]}]}"""
        );

    private int UsersOf(string model) =>
        app.Get<ModelServer>().Residents.Where(resident => resident.Version == new ModelVersion(model, 1)).Sum(resident => resident.Users);

    private Task IdleAsync(string model) => Recorder.UntilAsync(() => Task.FromResult(UsersOf(model) == 0));

    private async Task<(int Status, string? Fault)> CaptureAsync(string model)
    {
        CaptureRecord? failed = null;
        await Recorder.UntilAsync(async () =>
        {
            await app.Get<CaptureWriter>().FlushAsync(Token);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            failed = await app.Get<CaptureReader>()
                .ReadAsync(model, 1, now.AddMinutes(-5), now.AddMinutes(1), Token)
                .FirstOrDefaultAsync(record => record.Status != 200, Token);
            return failed is not null;
        });
        return (failed!.Status, failed.Fault);
    }
}
