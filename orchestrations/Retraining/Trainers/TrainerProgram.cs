using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Serverless.Orchestrations.Retraining.Trainers;

/// <summary>Runs a trainer that is a program of its own. It sees the folders and no secret of ours.</summary>
internal static class TrainerProgram
{
    private const int MaxSaid = 2_000;

    /// <summary>What a program needs to find others and its home.</summary>
    private static readonly string[] Passed = ["PATH", "HOME", "LANG", "TMPDIR", "TEMP", "SystemRoot"];

    /// <exception cref="TrainerFailedException">It could not be started, ended with another code than 0, or took too long.</exception>
    public static async Task RunAsync(TrainerFolders folders, RetrainingOptions options, int seed, CancellationToken cancellationToken)
    {
        using Process process = Start(folders, options, seed);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Within);
        try
        {
            Task<string> said = ReadEndAsync(process.StandardError, limit.Token),
                ignored = ReadEndAsync(process.StandardOutput, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await ignored;
            if (process.ExitCode != 0)
            {
                throw new TrainerFailedException($"The trainer ended with {process.ExitCode}; expected is 0. It said: {await said}");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TrainerFailedException($"The trainer had not ended after {options.Within} (Retraining:Within).");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(TrainerFolders folders, RetrainingOptions options, int seed)
    {
        ProcessStartInfo start = new(options.Command[0])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folders.Output,
        };
        foreach (string argument in options.Command.Skip(1))
        {
            start.ArgumentList.Add(
                argument
                    .Replace("{input}", folders.Input, StringComparison.Ordinal)
                    .Replace("{output}", folders.Output, StringComparison.Ordinal)
                    .Replace("{seed}", seed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            );
        }
        foreach (string name in start.Environment.Keys.Except(Passed).ToArray())
        {
            start.Environment.Remove(name);
        }
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new TrainerFailedException($"The trainer '{options.Command[0]}' (Retraining:Command) cannot be started: {e.Message}.");
        }
    }

    /// <summary>Reads all, so that the program is never kept waiting, and keeps the last that was said.</summary>
    private static async Task<string> ReadEndAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        char[] buffer = new char[MaxSaid];
        string end = "";
        while (await reader.ReadAsync(buffer.AsMemory(), cancellationToken) is > 0 and var read)
        {
            end += new string(buffer, 0, read);
            end = end[^Math.Min(end.Length, MaxSaid)..];
        }
        return end;
    }
}
