using System.Text.Json;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Orchestrations.Retraining.Trainers;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Orchestrations.Retraining;

/// <summary>
/// Gives an export to a trainer and registers what it leaves, with where it comes from: what of that is known here is not the trainer's to
/// say. One training at a time in a process, which may take its memory and half its processors; thread-safe.
/// </summary>
public sealed class VersionTraining(ExportStore exports, ModelRegistry registry, RetrainingOptions options) : IDisposable
{
    private const int MaxLineageBytes = 1 << 20;

    private readonly SemaphoreSlim _one = new(1);

    public async Task<TrainedVersion> RunAsync(TrainInput input, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await TrainAsync(input, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<TrainedVersion> TrainAsync(TrainInput input, CancellationToken cancellationToken)
    {
        if (await exports.FindAsync(input.ExportName, input.ExportVersion, cancellationToken) is not { } card)
        {
            return new TrainedVersion(null, $"There is no export '{input.ExportName}' of version '{input.ExportVersion}'.");
        }
        using TrainerFolders folders = new(options.WorkFolder);
        try
        {
            await FetchAsync(folders, card, cancellationToken);
            await (
                options.Command.Count > 0
                    ? TrainerProgram.RunAsync(folders, options, input.Seed, cancellationToken)
                    : HeadProgram.RunAsync(folders, options.Head, input.Seed, cancellationToken)
            );
            TrainerLineage lineage = await ReadLineageAsync(folders, cancellationToken);
            Registration registration = TrainedRegistration.Of(input, card, lineage);
            RegisterOutcome outcome = await registry.RegisterAsync(PackageIn(folders), registration, cancellationToken);
            return new TrainedVersion(outcome.Manifest.Version, null);
        }
        catch (Exception e)
            when (e is TrainerFailedException or ModelRejectedException or RegistryException { Fault: RegistryFault.Invalid })
        {
            return new TrainedVersion(null, e.Message);
        }
    }

    private async Task FetchAsync(TrainerFolders folders, ExportCard card, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(folders.Card, StoredJson.Write(card).ToArray(), cancellationToken);
        await using Stream stored = await exports.OpenAsync(card, cancellationToken);
        await using (FileStream data = File.Create(folders.Data))
        {
            await stored.CopyToAsync(data, cancellationToken);
        }
        string sha256 = await PackageDigest.OfFileAsync(folders.Data, cancellationToken);
        if (sha256 != card.Sha256)
        {
            throw new TrainerFailedException(
                $"The data of export {card.Name}/{card.Version} has the SHA-256 {sha256}; its card says {card.Sha256}."
            );
        }
    }

    private static string PackageIn(TrainerFolders folders) =>
        Directory.Exists(folders.Package)
            ? folders.Package
            : throw new TrainerFailedException("The trainer left no folder 'package' in its output folder.");

    /// <summary>A trainer need not say anything of itself.</summary>
    private static async Task<TrainerLineage> ReadLineageAsync(TrainerFolders folders, CancellationToken cancellationToken)
    {
        FileInfo file = new(folders.Lineage);
        if (!file.Exists)
        {
            return new TrainerLineage();
        }
        if (file.Length > MaxLineageBytes)
        {
            throw new TrainerFailedException($"lineage.json has {file.Length} bytes; allowed are {MaxLineageBytes}.");
        }
        try
        {
            return GivenJson.Read<TrainerLineage>(await File.ReadAllBytesAsync(file.FullName, cancellationToken), isOpen: true);
        }
        catch (JsonException e)
        {
            throw new TrainerFailedException($"lineage.json cannot be read. {JsonFault.Describe(e)}");
        }
    }
}
