using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Inference;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Costs;
using Serverless.Validation.Trials;

namespace Serverless.Local.Stack.Recommend;

/// <summary>How a package is measured.</summary>
/// <param name="Kind">This machine's name in the price list; null where it is none of those.</param>
/// <param name="Golden">Null for none.</param>
internal sealed record MeasurePlan(
    string Model,
    string Folder,
    string? Kind,
    IReadOnlyList<int> Threads,
    IReadOnlyList<int> Batches,
    string? Golden,
    string? CudaFolder,
    double Seconds
);

/// <summary>
/// Measures a package on this machine: each variant, provider and number of threads in a process of its own, one after the other, with
/// nothing of the environment but what programs need to start.
/// </summary>
internal sealed class MachineMeasuring(string program, Action<string> tell, TimeProvider time)
{
    /// <exception cref="StackException">Not one setting could be measured.</exception>
    public async Task<MachineMeasurements> RunAsync(MeasurePlan plan, CancellationToken cancellationToken)
    {
        string scratch = Directory.CreateTempSubdirectory("recommend-").FullName;
        try
        {
            return await RunAsync(plan, scratch, cancellationToken);
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private async Task<MachineMeasurements> RunAsync(MeasurePlan plan, string scratch, CancellationToken cancellationToken)
    {
        string? golden = plan.Golden is null ? null : Gather(plan.Golden, Path.Combine(scratch, "golden"));
        List<MeasuredSetting> settings = [];
        List<string> absent = [];
        string digest = "";
        foreach (ProviderPreference provider in new[] { ProviderPreference.Cpu, ProviderPreference.Cuda })
        {
            bool isThere = true;
            foreach (PackageVariant variant in PackageVariants.Of(plan.Folder))
            {
                string folder = PackageVariants.Stage(plan.Folder, variant, scratch);
                foreach (int threads in plan.Threads.TakeWhile(_ => isThere))
                {
                    MeasureAnswer answer = await AskAsync(
                        new MeasureAsk(folder, variant.Graph, threads, provider, plan.CudaFolder, plan.Batches, golden, plan.Seconds),
                        cancellationToken
                    );
                    if (answer.Fault is { } fault)
                    {
                        // What is wrong with a provider is so for all; what is wrong with a variant, for all of its threads.
                        isThere = provider == ProviderPreference.Cpu;
                        absent.Add($"{(isThere ? $"{variant.Graph} on CPU" : "CUDA")}: {fault}");
                        break;
                    }
                    digest = variant.IsMain ? answer.Digest : digest;
                    settings.AddRange(answer.Settings);
                    foreach (MeasuredSetting setting in answer.Settings)
                    {
                        tell(Say(setting));
                    }
                }
            }
        }
        return settings.Count > 0
            ? new MachineMeasurements(
                plan.Model,
                digest,
                plan.Kind,
                MeasuredMachine.Name,
                MeasuredMachine.Cores,
                time.GetUtcNow(),
                absent,
                settings
            )
            : throw new StackException($"{plan.Model} could not be measured: {string.Join(" ", absent)}", 2);
    }

    private async Task<MeasureAnswer> AskAsync(MeasureAsk ask, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("dotnet", [program, MeasureCommand.Name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        KeptEnvironment.RemoveOthers(start);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(JsonSerializer.Serialize(ask).AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            string[] lines = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return process.ExitCode == 0 && lines.Length > 0
                ? JsonSerializer.Deserialize<MeasureAnswer>(lines[^1])!
                : new MeasureAnswer($"its process ended with {process.ExitCode}: {LastOf(await errors)}", "", []);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>The lines, and the pictures beside them by their digests, as trials read them.</summary>
    private static string Gather(string golden, string folder)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "golden.jsonl");
        File.Copy(golden, file, overwrite: true);
        string pictures = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(golden))!, "pictures");
        foreach (string picture in Directory.Exists(pictures) ? Directory.EnumerateFiles(pictures) : [])
        {
            using FileStream content = File.OpenRead(picture);
            File.Copy(picture, Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(content))), overwrite: true);
        }
        return file;
    }

    private static string Say(MeasuredSetting setting)
    {
        string accuracy = setting.Accuracy is { } found ? FormattableString.Invariant($", {found.Metric} {found.Value:0.####}") : "";
        return FormattableString.Invariant(
                $"  {setting.Provider}, {setting.Graph}, {setting.Threads} threads, batches of {setting.BatchItems}: "
            ) + FormattableString.Invariant($"alone {setting.SingleMilliseconds:0.##} ms, at most {setting.Saturated:0.#}/s{accuracy}");
    }

    private static string LastOf(string text) => text.ReplaceLineEndings(" ") is var line && line.Length > 400 ? line[..400] : line;
}
