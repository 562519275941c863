using System.Security.Cryptography;
using Serverless.Inference;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Pages;
using Serverless.Sizing.Costs;
using Serverless.Validation.Golden;
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
/// Measures a package on this machine: each variant, provider and number of threads in a process of its own, one after the other, within
/// the bounds of a trial.
/// </summary>
internal sealed class MachineMeasuring(TrialOptions bounds, Action<string> tell, TimeProvider time)
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
                    MeasuredProcess found = await MeasureAsync(
                        plan,
                        new MeasureAsk(MeasureStep.Open, folder, threads, provider, plan.CudaFolder, MaxBytes: bounds.MaxMemoryBytes),
                        golden,
                        cancellationToken
                    );
                    digest = variant.IsMain ? found.Digest ?? digest : digest;
                    foreach (MeasuredSetting setting in found.Settings.Select(one => one with { Graph = variant.Graph }))
                    {
                        settings.Add(setting);
                        tell(Say(setting));
                    }
                    if (found.Fault is { } fault)
                    {
                        // What is wrong with a provider is so for all; what is wrong with a variant, for all of its threads.
                        isThere = provider == ProviderPreference.Cpu;
                        absent.Add($"{(isThere ? $"{variant.Graph} on CPU" : "CUDA")}: {fault}");
                        break;
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

    private async Task<MeasuredProcess> MeasureAsync(MeasurePlan plan, MeasureAsk open, string? golden, CancellationToken cancellationToken)
    {
        MeasuredProcess found = new();
        await using IsolatedProcess process = IsolatedProcess.Start(bounds, MeasureCommand.Name, time);
        try
        {
            found.Digest = (await AskAsync(process, open, bounds.LoadWithin, cancellationToken)).Digest;
            if (golden is not null)
            {
                await AskAsync(process, new MeasureAsk(MeasureStep.Judge, golden), bounds.Within, cancellationToken);
            }
            TimeSpan within = MeasureCommand.Loads * (bounds.StepWithin + TimeSpan.FromSeconds(plan.Seconds));
            foreach (int batch in plan.Batches)
            {
                MeasureAsk load = open with { Step = MeasureStep.Load, Batch = batch, Seconds = plan.Seconds };
                found.Settings.Add((await AskAsync(process, load, within, cancellationToken)).Setting!);
            }
        }
        catch (TrialEndedException e)
        {
            found.Fault = e.Message;
        }
        return found;
    }

    private static async Task<MeasureAnswer> AskAsync(
        IsolatedProcess process,
        MeasureAsk ask,
        TimeSpan within,
        CancellationToken cancellationToken
    )
    {
        MeasureAnswer answer = await process.AskAsync<MeasureAsk, MeasureAnswer>(ask, within, cancellationToken);
        return answer.Fault is null ? answer : throw new TrialEndedException(TrialEnd.Refused, answer.Fault);
    }

    /// <summary>What one process did before it ended.</summary>
    private sealed class MeasuredProcess
    {
        public string? Digest { get; set; }

        public List<MeasuredSetting> Settings { get; } = [];

        /// <summary>Null where it did all.</summary>
        public string? Fault { get; set; }
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
            LoadFiles.Demand(picture, GoldenSets.MaxMediaBytes);
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
}
