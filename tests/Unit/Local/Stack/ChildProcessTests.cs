using Serverless.Local.Stack;
using Serverless.Local.Stack.Processes;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Local.Stack;

public sealed class ChildProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("child-").FullName;

    private string LogFile => Path.Combine(_folder, "log");

    /// <summary>Whichever comes first: the new process is not left running, and not waited for in vain.</summary>
    [Fact]
    public async Task Stop_WhileItIsStartedAgain_Ends()
    {
        for (int i = 0; i < 10; i++)
        {
            ManualTime time = new();
            File.Delete(Path.Combine(_folder, "again"));
            ChildProcess child = new(Shell("test -e again && exec sleep 600; touch again"), time);
            await Recorder.UntilAsync(() => Task.FromResult(time.IsAwaited(time.GetUtcNow() + TimeSpan.FromMilliseconds(200))));

            Task restart = Task.Run(() => time.Advance(TimeSpan.FromMilliseconds(200)), TestContext.Current.CancellationToken);
            await child.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await restart;

            Assert.False(child.KeepsEnding);
        }
    }

    [Fact]
    public async Task AProcess_ThatKeepsEnding_IsStartedAtLongIntervals_UntilItRuns()
    {
        ManualTime time = new();
        string mended = Path.Combine(_folder, "mended");
        await using ChildProcess child = new(Shell($"test -e {mended} && exec sleep 600; echo no good; exit 1"), time);

        for (int rapid = 1; rapid <= 5; rapid++)
        {
            TimeSpan pause = TimeSpan.FromMilliseconds(100 << rapid);
            await Recorder.UntilAsync(() => Task.FromResult(time.IsAwaited(time.GetUtcNow() + pause)));
            time.Advance(pause); // nowhere else, or the process would seem to have run for so long
        }
        await Recorder.UntilAsync(() => Task.FromResult(child.KeepsEnding));
        Assert.Equal(5, child.Restarts);
        Assert.Equal("it ended 6 times and is started again; its last words: no good", StackReport.Describe(child).Fault);

        await File.WriteAllTextAsync(mended, "", TestContext.Current.CancellationToken);
        foreach (TimeSpan pause in (TimeSpan[])[TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5)])
        {
            await Recorder.UntilAsync(() => Task.FromResult(time.IsAwaited(time.GetUtcNow() + pause)));
            time.Advance(pause);
        }
        await Recorder.UntilAsync(() => Task.FromResult(!child.KeepsEnding));

        Assert.Equal(6, child.Restarts);
        Assert.Null(StackReport.Describe(child).Fault);
        Assert.StartsWith("no good", await File.ReadAllTextAsync(LogFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ProcessSpec Shell(string script) => new("child", "sh", ["-c", script], new Dictionary<string, string>(), _folder, LogFile);
}
