namespace Serverless.Packages;

/// <summary>How token vectors become one: sentence-transformers' modules.json and 1_Pooling/config.json.</summary>
public sealed record PoolingConfig(PoolingMode Mode, bool Normalise, bool HasDense, int? Dimensions)
{
    private const string ModuleNamespace = "sentence_transformers.models.";

    private static readonly (string Key, PoolingMode Mode)[] Modes =
    [
        ("pooling_mode_cls_token", PoolingMode.Cls),
        ("pooling_mode_mean_tokens", PoolingMode.Mean),
        ("pooling_mode_max_tokens", PoolingMode.Max),
        ("pooling_mode_mean_sqrt_len_tokens", PoolingMode.MeanSqrtLength),
        ("pooling_mode_lasttoken", PoolingMode.Last),
        ("pooling_mode_weightedmean_tokens", PoolingMode.WeightedMean),
    ];

    /// <summary>Null where the package holds neither file: then the task's own custom applies.</summary>
    public static PoolingConfig? Find(PackageFiles files)
    {
        if (files.FindJson("modules.json") is { } modules)
        {
            return ReadModules(files, modules);
        }
        return files.FindJson("1_Pooling/config.json") is { } pooling ? ReadPooling(pooling) with { Normalise = true } : null;
    }

    private static PoolingConfig ReadModules(PackageFiles files, JsonFile modules)
    {
        var result = new PoolingConfig(PoolingMode.Mean, Normalise: false, HasDense: false, Dimensions: null);
        foreach (JsonFile module in modules.Items())
        {
            string type = module.Text("type") ?? "";
            switch (type.StartsWith(ModuleNamespace, StringComparison.Ordinal) ? type[ModuleNamespace.Length..] : type)
            {
                case "Transformer":
                    break;
                case "Pooling":
                    string path = $"{module.Text("path")?.Trim('/')}/config.json".TrimStart('/');
                    PoolingConfig pooling = ReadPooling(files.LoadJson(path));
                    result = result with { Mode = pooling.Mode, Dimensions = pooling.Dimensions };
                    break;
                case "Dense":
                    result = result with { HasDense = true };
                    break;
                case "Normalize":
                    result = result with { Normalise = true };
                    break;
                default:
                    throw module.Reject("type", type, $"{ModuleNamespace}Transformer, Pooling, Dense or Normalize");
            }
        }
        return result;
    }

    private static PoolingConfig ReadPooling(JsonFile json)
    {
        PoolingMode[] chosen = [.. Modes.Where(m => json.Flag(m.Key) == true).Select(m => m.Mode)];
        return chosen.Length == 1
            ? new PoolingConfig(chosen[0], false, false, json.Integer("word_embedding_dimension"))
            : throw json.Reject("pooling_mode_…", $"{chosen.Length} modes set to true ({string.Join(", ", chosen)})", "exactly one");
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
