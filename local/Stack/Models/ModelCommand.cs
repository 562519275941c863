using System.CommandLine;
using System.Globalization;
using Serverless.Packages;

namespace Serverless.Local.Stack.Models;

/// <summary><c>model</c>: registers a version with the stack that runs on this machine.</summary>
internal static class ModelCommand
{
    private static readonly Option<string> Name = new("--name") { Description = "The model's name", Required = true };
    private static readonly Option<string> From = new("--from")
    {
        Description = "A folder, a .zip or .tar.gz file, azure:PREFIX or s3:PREFIX",
        Required = true,
    };
    private static readonly Option<string> By = new("--by")
    {
        Description = "Who registers it",
        DefaultValueFactory = _ => Environment.UserName,
    };
    private static readonly Option<string?> Licence = new("--licence") { Description = "The licence of the weights" };
    private static readonly Option<string[]> Metric = new("--metric")
    {
        Description = "What was measured, as name=value; may be repeated",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string?> TrainingRun = new("--training-run") { Description = "Lineage: the run that trained it" };
    private static readonly Option<string?> DataDigest = new("--data-digest") { Description = "Lineage: the digest of its training data" };
    private static readonly Option<string?> CodeCommit = new("--code-commit") { Description = "Lineage: the commit of the training code" };
    private static readonly Option<string?> BaseModel = new("--base-model") { Description = "Lineage: the model it was trained from" };

    private static readonly Option<int?> Port = NumberOption.PortOfApp();

    public static Command Create(Option<string> data)
    {
        Command command = new("model", "Register a version of a model with the running stack")
        {
            Name,
            From,
            By,
            Licence,
            Metric,
            TrainingRun,
            DataDigest,
            CodeCommit,
            BaseModel,
            data,
            Port,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.GetValue(Name)!,
                    parsed.GetValue(From)!,
                    new ModelFacts(parsed.GetValue(By)!)
                    {
                        Licence = parsed.GetValue(Licence),
                        Metrics = ModelFacts.ParseMetrics(parsed.GetValue(Metric)!),
                        Lineage = new ModelLineage
                        {
                            TrainingRun = parsed.GetValue(TrainingRun),
                            DataDigest = parsed.GetValue(DataDigest),
                            CodeCommit = parsed.GetValue(CodeCommit),
                            BaseModel = parsed.GetValue(BaseModel),
                        },
                    },
                    Path.GetFullPath(parsed.GetValue(data)!),
                    parsed.GetValue(Port),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        string name,
        string from,
        ModelFacts facts,
        string data,
        int? port,
        CancellationToken cancellationToken
    )
    {
        if (name.Length == 0 || from.Length == 0)
        {
            throw new StackException("NAME and FROM are both needed, for instance: make model NAME=my-model FROM=path/to/folder");
        }
        using HttpClient http = HostConnection.OpenLocal(data, port);
        (ModelManifest manifest, bool isNew) = await new ModelClient(http).RegisterAsync(name, from, facts, cancellationToken);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(isNew ? "Registered" : "Already registered as")} {manifest.Id}: {manifest.Task}, {manifest.Files.Count} "
                    + $"files, {manifest.TotalBytes / 1e6:0.0} MB, {manifest.Digest}"
            )
        );
        foreach (string note in manifest.Notes)
        {
            Console.WriteLine($"Note: {note}");
        }
        return 0;
    }
}
