using System.Text;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Load;
using Xunit;

namespace Serverless.Unit.Local.Stack.Load;

public sealed class CaptureReplayTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("""{"kind":"prediction","time":"2026-01-01T00:00:00Z","model":null}""", "its model is null")]
    [InlineData(
        """{"kind":"prediction","time":"2026-01-01T00:00:00Z","model":"topics","times":{"overhead":1e30,"queue":0,"input":0,"infer":0,"output":0}}""",
        "it was answered at 2026-01-01T00:00:00.0000000+00:00 after 1E+30 ms"
    )]
    [InlineData("""{"kind":"prediction","time":"0001-01-01T00:00:00Z","model":"topics"}""", "it was answered at 0001-01-01")]
    public async Task ALineThatCannotBe_IsNamed(string line, string message)
    {
        await File.WriteAllTextAsync(_file, line, Ct);

        StackException refused = await Assert.ThrowsAsync<StackException>(() => CaptureReplay.ReadAsync(_file, [], Ct));

        Assert.StartsWith($"{_file}, line 1 is no line of a capture ({message}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.Code);
    }

    [Fact]
    public async Task ADamagedFile_IsNamed()
    {
        string packed = _file + ".gz";
        await File.WriteAllBytesAsync(packed, Encoding.UTF8.GetBytes("no gzip at all"), Ct);

        StackException refused = await Assert.ThrowsAsync<StackException>(() => CaptureReplay.ReadAsync(packed, [], Ct));

        File.Delete(packed);
        Assert.StartsWith($"{packed} is damaged: line 1 cannot be unpacked (", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.Code);
    }

    [Theory]
    [InlineData(1, 366)]
    [InlineData(1e-300, 0)]
    public async Task AReplayThatWouldNeverEnd_IsRefused(double speed, int days)
    {
        CaptureReplay replay = await ReadAsync(TimeSpan.FromDays(days) + TimeSpan.FromSeconds(1));

        StackException refused = Assert.Throws<StackException>(() => replay.LastsAt(speed));

        Assert.Contains("expected are at most 31 days", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReplay_LastsASecondLongerThanItsCalls_BySpeed() =>
        Assert.Equal(TimeSpan.FromSeconds(3), (await ReadAsync(TimeSpan.FromSeconds(10))).LastsAt(5));

    private async Task<CaptureReplay> ReadAsync(TimeSpan apart)
    {
        DateTimeOffset first = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        IEnumerable<string> lines = new[] { first, first + apart }.Select(at =>
            $$"""{"kind":"prediction","time":"{{at:O}}","model":"topics"}"""
        );
        await File.WriteAllLinesAsync(_file, lines, Ct);
        return await CaptureReplay.ReadAsync(_file, [], Ct);
    }
}
