using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Stack.Load;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Capacity;
using Xunit;

namespace Serverless.Unit.Local.Stack.Load;

public sealed class RateTrialTests
{
    private static readonly LoadMix Mix = LoadMix.Parse("search=3,predict:topics=1", []);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATrial_CountsBySort_AndItsReportIsJson_AndAPageThatFetchesNothing()
    {
        using Answers answers = new(HttpStatusCode.OK);
        using HttpClient http = new(answers) { BaseAddress = new Uri("http://app/api/") };

        RateTrialResult trial = await RunAsync(http, errors: 0, "100 for 300ms, 0 for 100ms, 100..300 for 300ms");

        Assert.Equal(answers.Asked, trial.Requests);
        Assert.Equal(["predict:topics", "search"], trial.Sorts.Select(sort => sort.Name));
        Assert.Null(trial.Stability);
        LoadDocument document = new("http://app/<b>", DateTimeOffset.UnixEpoch, "here", Mix.Sorts, 1, "all", [trial], null, ["A note."]);
        JsonElement json = JsonSerializer.Deserialize<JsonElement>(document.ToJson());
        Assert.Equal(trial.Requests, json.GetProperty("trials")[0].GetProperty("requests").GetInt64());
        string page = document.ToPage();
        Assert.Contains("Load on http://app/&lt;b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATrial_OfAServiceThatRefuses_IsMissed_AndSaysWhy()
    {
        using Answers answers = new(HttpStatusCode.TooManyRequests);
        using HttpClient http = new(answers) { BaseAddress = new Uri("http://app/api/") };

        RateTrialResult trial = await RunAsync(http, errors: 0.5, "200 for 300ms");

        Assert.Equal((LoadVerdict.Missed, trial.Requests), (trial.Verdict, trial.Failed));
        Assert.StartsWith("100 % failed, allowed are 50 %; nothing was answered", trial.Why, StringComparison.Ordinal);
    }

    /// <summary>Each request keeps the generator for five seconds of the clock, and ten were due within one.</summary>
    [Fact]
    public async Task ATrial_OfAGeneratorThatIsBehind_IsNotBlamedOnTheService()
    {
        FakeTimeProvider time = new();
        using Answers answers = new(HttpStatusCode.OK, () => time.Advance(TimeSpan.FromSeconds(5)));
        using HttpClient http = new(answers) { BaseAddress = new Uri("http://app/api/") };
        LoadTerms terms = new(LoadObjective.Of(95, TimeSpan.FromSeconds(1), 0), 1_000, Seed: 3);

        RateTrialResult trial = await new RateTrial(http, terms, time).RunAsync(
            number => Mix.At(number, seed: 1),
            Enumerable.Range(0, 10).Select(tenth => TimeSpan.FromSeconds(tenth / 10.0)),
            "ten",
            TimeSpan.FromSeconds(1),
            requests: 10,
            isSteady: true,
            Ct
        );

        Assert.Equal((LoadVerdict.GeneratorBehind, 0), (trial.Verdict, trial.Failed));
        Assert.StartsWith("the generator sent 5 of 100 requests more than ", trial.Why, StringComparison.Ordinal);
    }

    /// <summary>With a latency so long that no lag of a busy machine counts.</summary>
    private static Task<RateTrialResult> RunAsync(HttpClient http, double errors, string load) =>
        new RateTrial(
            http,
            new LoadTerms(LoadObjective.Of(95, TimeSpan.FromMinutes(10), errors), 1_000, Seed: 3),
            TimeProvider.System
        ).RunAsync(Mix, RateShape.Parse(load, TimeSpan.FromSeconds(1)), load, Ct);

    private sealed class Answers(HttpStatusCode status, Action? before = null) : HttpMessageHandler
    {
        private long _asked;

        public long Asked => _asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            before?.Invoke();
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent("{}") });
        }
    }
}
