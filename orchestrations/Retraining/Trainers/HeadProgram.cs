using System.Reflection;
using Serverless.Exports.Files;
using Serverless.Storage;
using Serverless.Training;
using Serverless.Training.Heads;

namespace Serverless.Orchestrations.Retraining.Trainers;

/// <summary>Our own trainer, by the same contract as others: a head over the captured vectors of an embedding model.</summary>
internal static class HeadProgram
{
    private static readonly string CodeVersion = typeof(HeadTrainer)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion
        ?? "unknown";

    /// <exception cref="TrainerFailedException">The export has not enough to learn from.</exception>
    public static async Task RunAsync(TrainerFolders folders, TrainingOptions options, int seed, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<(float[] Vector, string Class)> rows = await ReadAsync(folders.Data, cancellationToken);
            TrainedHead trained = HeadTrainer.Train(rows, options, seed, cancellationToken);
            await WriteAsync(folders, trained, rows, cancellationToken);
        }
        catch (Exception e) when (e is TrainingRefusedException or InvalidDataException)
        {
            throw new TrainerFailedException(e.Message);
        }
    }

    private static async Task<IReadOnlyList<(float[] Vector, string Class)>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        List<(float[] Vector, string Class)> rows = [];
        long values = 0;
        await using FileStream data = File.OpenRead(path);
        await foreach ((float[] vector, string target) in ExportReader.ReadVectorsAsync(data, cancellationToken))
        {
            rows.Add((vector, target));
            if ((values += vector.Length) > TrainingSet.MaxValues)
            {
                throw new TrainerFailedException(
                    $"The export has more than {TrainingSet.MaxValues:N0} values of vectors; ask for a smaller sample."
                );
            }
        }
        return rows;
    }

    private static async Task WriteAsync(
        TrainerFolders folders,
        TrainedHead trained,
        IReadOnlyList<(float[] Vector, string Class)> rows,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folders.Package);
        await File.WriteAllBytesAsync(Path.Combine(folders.Package, "model.onnx"), OnnxHead.Write(trained.Head), cancellationToken);
        await WriteAsync(Path.Combine(folders.Package, "config.json"), ConfigOf(trained.Head), cancellationToken);
        TrainerLineage lineage = new(
            CodeVersion,
            rows.CountBy(row => row.Class).ToDictionary(),
            new Dictionary<string, double>
            {
                ["crossValidation.logLoss"] = trained.Chosen.LogLoss,
                ["crossValidation.accuracy"] = trained.Chosen.Accuracy,
                ["penalty"] = trained.Chosen.Penalty,
            }
        );
        await WriteAsync(folders.Lineage, lineage, cancellationToken);
    }

    /// <summary>As exporters write it; the architecture is none that takes texts or pictures, so that it answers tensors.</summary>
    private static Dictionary<string, object> ConfigOf(LinearHead head) =>
        new()
        {
            ["architectures"] = new[] { "LinearHeadForEmbeddings" },
            ["model_type"] = "linear-head",
            ["hidden_size"] = head.Dimensions,
            ["id2label"] = head.Classes.Index().ToDictionary(found => $"{found.Index}", found => found.Item),
        };

    private static Task WriteAsync<T>(string path, T value, CancellationToken cancellationToken) =>
        File.WriteAllBytesAsync(path, StoredJson.Write(value).ToArray(), cancellationToken);
}
