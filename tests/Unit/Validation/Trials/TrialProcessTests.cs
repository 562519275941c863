using Serverless.Validation.Trials;
using Xunit;

namespace Serverless.Unit.Validation.Trials;

/// <summary>Programs that misbehave as a model's native code might, in the place of the program on trial.</summary>
public sealed class TrialProcessTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("program-");

    [Theory]
    [InlineData("echo 'terminate called' >&2; kill -ABRT $$", "signal 6 (aborted); its last words were: terminate called")]
    [InlineData("kill -SEGV $$", "signal 11 (segmentation fault)")]
    [InlineData("exit 3", "exit code 3")]
    public async Task AProgramThatCrashes_IsNamedWithItsSignalAndLastWords(string script, string expected)
    {
        TrialEndedException ended = await AskAsync("read line; " + script);

        Assert.Equal(TrialEnd.Crashed, ended.End);
        Assert.Contains(expected, ended.Message, StringComparison.Ordinal);
    }

    /// <summary>The shell sets what <see cref="IsolatedHost"/> sets; where the first signal is ignored the kernel sends another.</summary>
    [Theory]
    [InlineData("ulimit -S -t 1")]
    [InlineData("trap '' XCPU; ulimit -S -t 1; ulimit -H -t 2")]
    public async Task AProgramThatUsesUpItsProcessorTime_IsNamedSo(string limit)
    {
        TrialOptions options = new() { ProcessorTime = TimeSpan.FromSeconds(1) };

        TrialEndedException ended = await AskAsync($"{limit}; read line; while :; do :; done", options: options);

        Assert.Equal(TrialEnd.ProcessorLimit, ended.End);
        Assert.Contains("used up its 1 s of processor time", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AProgramThatHangs_IsKilledWithItsChildren()
    {
        string mark = Path.Combine(_folder.FullName, "child");

        TrialEndedException ended = await AskAsync(
            $"read line; sh -c 'echo $$ > {mark}.new; mv {mark}.new {mark}; exec sleep 600' & while ! test -f {mark}; do :; done; "
                + $"sleep 600",
            TimeSpan.FromSeconds(2)
        );

        Assert.Equal(TrialEnd.TimeLimit, ended.End);
        Assert.False(File.Exists(mark) && IsAlive(File.ReadAllText(mark).Trim()));
    }

    [Fact]
    public async Task AProgramThatTalksWithoutEnd_IsStopped()
    {
        TrialEndedException ended = await AskAsync("read line; exec tr '\\0' x < /dev/zero");

        Assert.Contains("a line of more than", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheProgram_IsToldNoneOfTheHostsSecrets()
    {
        Environment.SetEnvironmentVariable("AzureWebJobsStorage__trial", "secret");

        TrialEndedException ended = await AskAsync("read line; env | grep -c -i AzureWebJobs >&2; exit 1");

        Assert.Contains("last words were: 0.", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheProgram_GivesWayToThoseWhoServe()
    {
        await using TrialProcess process = TrialProcess.Start(new TrialOptions { Program = Candidates.Program }, TimeProvider.System);
        await process.AskAsync(
            new TrialAsk(TrialStep.Load, Candidates.Folder("sound"), Threads: 1, MaxBytes: 1 << 30),
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken
        );

        // The 19th field of proc(5); what follows the name in parentheses begins with the third.
        string stat = await File.ReadAllTextAsync($"/proc/{process.Id}/stat", TestContext.Current.CancellationToken);
        Assert.Equal($"{Isolation.Niceness}", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]);
    }

    /// <summary>What was killed stays a zombie until whoever inherited it asks for it; proc(5).</summary>
    private static bool IsAlive(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<TrialEndedException> AskAsync(string script, TimeSpan? within = null, TrialOptions? options = null)
    {
        string program = Path.Combine(_folder.FullName, "program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\n" + script + "\n");
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        options ??= new TrialOptions();
        options.Program = program;
        await using TrialProcess process = TrialProcess.Start(options, TimeProvider.System);
        return await Assert.ThrowsAsync<TrialEndedException>(() =>
            process.AskAsync(new TrialAsk(TrialStep.Load), within ?? TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
    }
}
