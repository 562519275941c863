using Serverless.Local.Stack;
using Serverless.Local.Stack.Recommend;
using Serverless.Sizing.Costs;
using Serverless.Unit.Validation;
using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Local.Stack.Recommend;

/// <summary>Packages that nobody trusts, measured by the program that <c>recommend</c> starts.</summary>
public sealed class MachineMeasuringTests
{
    [Fact]
    public async Task RunAsync_OfASoundModel_MeasuresIt()
    {
        MachineMeasurements found = await MeasureAsync("sound", _ => { });

        MeasuredSetting setting = Assert.Single(found.Settings);
        Assert.Equal(("model.onnx", "CPU", 1, 4), (setting.Graph, setting.Provider, setting.Threads, setting.BatchItems));
        Assert.True(setting.Saturated > 0 && setting.SingleMilliseconds > 0);
        Assert.StartsWith("CUDA: ", Assert.Single(found.Absent), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("endless", 4, 4_096, "There was no answer within 4 s; the process was killed.")]
    [InlineData("hungry", 60, 300, "allowed are 300 MB. It was killed.")]
    public async Task RunAsync_OfAModelWithoutEnd_EndsItAndSaysWhy(string candidate, int seconds, long megabytes, string why)
    {
        StackException error = await Assert.ThrowsAsync<StackException>(() =>
            MeasureAsync(candidate, bounds => (bounds.LoadWithin, bounds.MaxMemoryBytes) = (TimeSpan.FromSeconds(seconds), megabytes << 20))
        );

        Assert.Equal(2, error.Code);
        Assert.StartsWith($"{candidate}/1 could not be measured: model.onnx on CPU: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static Task<MachineMeasurements> MeasureAsync(string candidate, Action<TrialOptions> configure)
    {
        TrialOptions bounds = new() { Program = typeof(LocalStack).Assembly.Location };
        configure(bounds);
        MeasurePlan plan = new($"{candidate}/1", Candidates.Folder(candidate), null, [1], [4], null, null, Seconds: 0.1);
        return new MachineMeasuring(bounds, _ => { }, TimeProvider.System).RunAsync(plan, TestContext.Current.CancellationToken);
    }
}
