namespace Serverless.Packages;

/// <summary>How token vectors become one: sentence-transformers' modules.json and 1_Pooling/config.json.</summary>
public sealed record PoolingConfig(PoolingMode Mode, bool Normalise, bool HasDense, int? Dimensions)
{
    /// <summary>Whether the tokens of a prompt count as the text's.</summary>
    public bool IncludesPrompt { get; init; } = true;

    private const string ModulesFile = "modules.json";
    private const string PoolingFile = "1_Pooling/config.json";

    /// <summary>By the name in "pooling_mode", of sentence-transformers 5.4 and later, and by the flag that earlier ones set.</summary>
    private static readonly (string Name, string Flag, PoolingMode Mode)[] Modes =
    [
        ("cls", "pooling_mode_cls_token", PoolingMode.Cls),
        ("mean", "pooling_mode_mean_tokens", PoolingMode.Mean),
        ("max", "pooling_mode_max_tokens", PoolingMode.Max),
        ("mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens", PoolingMode.MeanSqrtLength),
        ("lasttoken", "pooling_mode_lasttoken", PoolingMode.Last),
        ("weightedmean", "pooling_mode_weightedmean_tokens", PoolingMode.WeightedMean),
    ];

    /// <summary>Whether the package is one that sentence-transformers wrote.</summary>
    public static bool IsIn(PackageFiles files) => files.Has(ModulesFile) || files.Has(PoolingFile);

    /// <summary>Null where the package holds neither file: then the task's own custom applies.</summary>
    public static PoolingConfig? Find(PackageFiles files)
    {
        if (files.FindJson(ModulesFile) is { } modules)
        {
            return ReadModules(files, modules);
        }
        return files.FindJson(PoolingFile) is { } pooling ? ReadPooling(pooling) with { Normalise = true } : null;
    }

    private static PoolingConfig ReadModules(PackageFiles files, JsonFile modules)
    {
        var result = new PoolingConfig(PoolingMode.Mean, Normalise: false, HasDense: false, Dimensions: null);
        foreach (JsonFile module in modules.Items())
        {
            string type = module.Text("type") ?? "";
            // The namespaces before the class's name are others in each large release.
            switch (type[(type.LastIndexOf('.') + 1)..])
            {
                case "Transformer":
                    break;
                case "Pooling":
                    string path = $"{module.Text("path")?.Trim('/')}/config.json".TrimStart('/');
                    PoolingConfig pooling = ReadPooling(files.LoadJson(path));
                    result = pooling with { Normalise = result.Normalise, HasDense = result.HasDense };
                    break;
                case "Dense":
                    result = result with { HasDense = true };
                    break;
                case "Normalize":
                    result = result with { Normalise = true };
                    break;
                default:
                    throw module.Mismatch("type", type, "a module that ends in Transformer, Pooling, Dense or Normalize");
            }
        }
        return result;
    }

    private static PoolingConfig ReadPooling(JsonFile json) =>
        new(
            ReadMode(json),
            Normalise: false,
            HasDense: false,
            json.Integer("embedding_dimension") ?? json.Integer("word_embedding_dimension")
        )
        {
            IncludesPrompt = json.Flag("include_prompt") ?? true,
        };

    private static PoolingMode ReadMode(JsonFile json)
    {
        if (json.Has("pooling_mode"))
        {
            string[] names = json.IsText("pooling_mode") ? [json.Text("pooling_mode")!] : json.Texts("pooling_mode")!;
            return names is [var name] && Array.Find(Modes, m => m.Name == name) is { Name: not null } known
                ? known.Mode
                : throw json.Mismatch("pooling_mode", string.Join(", ", names), $"one of {string.Join(", ", Modes.Select(m => m.Name))}");
        }
        PoolingMode[] chosen = [.. Modes.Where(m => json.Flag(m.Flag) == true).Select(m => m.Mode)];
        return chosen.Length == 1
            ? chosen[0]
            : throw json.Mismatch("pooling_mode_…", $"{chosen.Length} modes set to true ({string.Join(", ", chosen)})", "exactly one");
    }
}

public enum PoolingMode
{
    Cls,
    Mean,
    Max,
    MeanSqrtLength,
    Last,
    WeightedMean,
}
