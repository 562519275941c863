using System.Globalization;
using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Unit.Embedded.Runtime.Hosting;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Timers;

/// <summary>The clock begins at 03:04:05 and is moved by hand.</summary>
public sealed class TimerTriggerTests
{
    private readonly Recorder _recorder = new();
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Timer_RunsOnItsSchedule()
    {
        await using var app = await StartAsync(typeof(EveryFiveMinutes));

        await AdvanceToRunAsync("03:05:00");
        await AdvanceToRunAsync("03:10:00");
    }

    [Fact]
    public async Task Timer_WhoseRunCannotBeKept_GoesOnAllTheSame()
    {
        await using var app = await StartAsync(typeof(EveryFiveMinutes));
        app.Services.GetRequiredService<TriggerDatabase>().Execute("CREATE TRIGGER full BEFORE UPDATE ON timers BEGIN SELECT RAISE(FAIL, 'no room'); END");

        await AdvanceToRunAsync("03:05:00");
        await AdvanceToRunAsync("03:10:00");
    }

    [Fact]
    public async Task MissedRuns_AreMadeUpForOnce_AtTheNextStart()
    {
        var app = await StartAsync(typeof(EveryFiveMinutes));
        await AdvanceToRunAsync("03:05:00");
        await app.StopAsync();
        _time.Advance(TimeSpan.FromHours(1));

        await using var again = await StartAsync(typeof(EveryFiveMinutes), app.Directory);

        Assert.EndsWith("late next 03:10:00", await _recorder.NextAsync());
        await AdvanceToRunAsync("04:10:00");
    }

    [Fact]
    public async Task RunOnStartup_RunsAtOnce()
    {
        await using var app = await StartAsync(typeof(AtStart));

        Assert.Equal("started", await _recorder.NextAsync());
    }

    [Fact]
    public async Task Retries_HappenInsideTheRun()
    {
        await using var app = await StartAsync(typeof(FailsTwice));

        Assert.Equal(["0 of 3", "1 of 3", "2 of 3"], await _recorder.NextAsync(3));
    }

    [Fact]
    public async Task Operator_StartsATimer_WithTheMasterKey()
    {
        await using var app = await StartAsync(typeof(EveryFiveMinutes));

        using var refused = await app.Client.PostAsync($"admin/functions/EveryFiveMinutes?code={app.FunctionKey}", null);
        using var accepted = await app.Client.PostAsync($"admin/functions/EveryFiveMinutes?code={app.MasterKey}", new StringContent("{}"));
        using var unknown = await app.Client.PostAsync($"admin/functions/Nothing?code={app.MasterKey}", null);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Accepted, HttpStatusCode.NotFound), (refused.StatusCode, accepted.StatusCode, unknown.StatusCode));
        Assert.Equal("03:04:05 next 03:05:00", await _recorder.NextAsync());
    }

    private Task<TestApp> StartAsync(Type functions, string? directory = null) => TestApp.StartAsync(new TestAppSetup(functions)
    {
        Directory = directory,
        Settings = new() { ["Schedule"] = "0 */5 * * * *" },
        Configure = builder => builder.Services.AddSingleton(_recorder).AddSingleton<TimeProvider>(_time),
    });

    /// <summary>Moves the clock only once the listener waits for this time of the day, so that it runs on the stroke.</summary>
    private async Task AdvanceToRunAsync(string timeOfDay)
    {
        var now = _time.GetUtcNow();
        var due = now - now.TimeOfDay + TimeSpan.Parse(timeOfDay, CultureInfo.InvariantCulture);
        await Recorder.UntilAsync(() => Task.FromResult(_time.IsAwaited(due)));
        _time.Advance(due - now);
        Assert.Equal($"{timeOfDay} next {timeOfDay}", await _recorder.NextAsync());
    }

    public sealed class EveryFiveMinutes(Recorder recorder, TimeProvider time)
    {
        [Function("EveryFiveMinutes")]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer) =>
            recorder.Add($"{time.GetUtcNow():HH:mm:ss} {(timer.IsPastDue ? "late " : "")}next {timer.ScheduleStatus!.Next:HH:mm:ss}");
    }

    public sealed class AtStart(Recorder recorder)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => recorder.Add("started");
    }

    public sealed class FailsTwice(Recorder recorder)
    {
        [Function("FailsTwice")]
        [FixedDelayRetry(3, "00:00:00")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer, FunctionContext context)
        {
            recorder.Add($"{context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}");
            if (context.RetryContext.RetryCount < 2)
                throw new InvalidOperationException("not yet");
        }
    }
}
