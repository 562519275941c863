namespace Serverless.Packages;

/// <summary>What makes scores of a classifier's outputs; None where the graph does it already, or the raw numbers are the answer.</summary>
public enum OutputFunction
{
    Softmax,
    Sigmoid,
    None,
}

/// <summary>Finds what a package says of the function of its scores.</summary>
internal static class ScoreFunction
{
    private const string SentenceTransformers = "config_sentence_transformers.json";

    /// <summary>
    /// function_to_apply, as transformers' pipelines take it; else the activation that sentence-transformers' CrossEncoder saves; else what
    /// problem_type says of the training. Null where none is there.
    /// </summary>
    public static OutputFunction? Read(PackageFiles files, JsonFile config, List<string> notes) =>
        config.Text("function_to_apply") switch
        {
            "softmax" => OutputFunction.Softmax,
            "sigmoid" => OutputFunction.Sigmoid,
            "none" => OutputFunction.None,
            null => OfActivation(files, config, notes) ?? OfProblem(config),
            var function => throw config.Reject("function_to_apply", function, "softmax, sigmoid or none"),
        };

    /// <summary>
    /// The name of a class of PyTorch, under config.json's sentence_transformers since release 4, before that in a key of its own, and
    /// since 5.4 in a file of its own.
    /// </summary>
    private static OutputFunction? OfActivation(PackageFiles files, JsonFile config, List<string> notes)
    {
        string? name = config.Object("sentence_transformers")?.Text("activation_fn")
            ?? files.FindJson(SentenceTransformers)?.Text("activation_fn")
            ?? config.Text("sbert_ce_default_activation_function");
        switch (name?[(name.LastIndexOf('.') + 1)..])
        {
            case null:
                return null;
            case "Identity":
                return OutputFunction.None;
            case "Sigmoid":
                return OutputFunction.Sigmoid;
            case "Softmax":
                return OutputFunction.Softmax;
            default:
                notes.Add($"The activation {name} is not followed: scores are the model's raw outputs.");
                return OutputFunction.None;
        }
    }

    private static OutputFunction? OfProblem(JsonFile config) =>
        config.Text("problem_type") switch
        {
            null => null,
            "single_label_classification" => OutputFunction.Softmax,
            "multi_label_classification" => OutputFunction.Sigmoid,
            "regression" => OutputFunction.None,
            var problem => throw config.Reject(
                "problem_type",
                problem,
                "single_label_classification, multi_label_classification or regression"
            ),
        };
}
