using Serverless.Exports.Files;
using Serverless.Orchestrations.Retraining.Trainers;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Orchestrations.Retraining;

/// <summary>What a manifest says of a version that was trained here.</summary>
public static class TrainedRegistration
{
    /// <summary>Metrics that tell of how many rows of a label a version was made.</summary>
    public const string LabelPrefix = "training.labels.";
    public const string RowsMetric = "training.rows";

    private const int MaxLabels = 100; // a manifest takes 200 metrics in all
    private const int MaxMetrics = 50;

    internal static Registration Of(TrainInput input, ExportCard card, TrainerLineage lineage)
    {
        IReadOnlyDictionary<string, int> labels = lineage.Labels ?? card.Counts.Target.Where(label => label.Key[0] != '(').ToDictionary();
        return new Registration(input.Into, input.By)
        {
            Lineage = new ModelLineage
            {
                TrainingRun = input.Run,
                DataDigest = $"sha256:{card.Sha256}",
                CodeCommit = lineage.CodeVersion ?? card.CodeVersion,
                BaseModel = $"{card.Asked.Model}/{card.Asked.Version}",
            },
            Metrics = new Dictionary<string, double>([
                .. (lineage.Metrics ?? new Dictionary<string, double>()).Take(MaxMetrics),
                KeyValuePair.Create(RowsMetric, (double)labels.Values.Sum(count => (long)count)),
                .. labels
                    .OrderByDescending(label => label.Value)
                    .ThenBy(label => label.Key, StringComparer.Ordinal)
                    .Where(label => !label.Key.Any(char.IsControl))
                    .Take(MaxLabels)
                    .Select(label => KeyValuePair.Create(LabelPrefix + label.Key, (double)label.Value)),
            ]),
        };
    }
}
