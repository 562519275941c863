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

    private async Task<TrialEndedException> AskAsync(string script, TimeSpan? within = null)
    {
        string program = Path.Combine(_folder.FullName, "program");
        await File.WriteAllTextAsync(program, "#!/bin/sh\n" + script + "\n");
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await using TrialProcess process = TrialProcess.Start(new TrialOptions { Program = program }, TimeProvider.System);
        return await Assert.ThrowsAsync<TrialEndedException>(() =>
            process.AskAsync(new TrialAsk(TrialStep.Load), within ?? TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
    }
}
