using Serverless.Ingest.Models;
using Serverless.Packages;

namespace Serverless.Local.Stack.Models;

/// <summary>
/// Registers the models of samples/models in a registry that holds nothing else, lets every environment serve them and, where asked, judge
/// others by samples/golden.
/// </summary>
public static class SampleModels
{
    private const string By = "samples";

    internal static IReadOnlyList<string> Environments { get; } = ["dev", "qa", "prod"];

    /// <summary>The folders of samples/models, by the names under which they are registered.</summary>
    public static IReadOnlyDictionary<string, string> Folders { get; } =
        Directory
            .EnumerateDirectories(Checkout.SamplesModels)
            .ToDictionary(folder => Path.GetFileName(folder), folder => Path.Combine(folder, "1"));

    /// <summary>Those that uploads are analysed with.</summary>
    public static IReadOnlyDictionary<string, string> FoldersOfRoles { get; } =
        Folders.Where(folder => new RolesOptions().RolesOf(folder.Key).Any()).ToDictionary();

    /// <summary>What is there already stays as it is: an alias that was ever moved is left to whoever moved it.</summary>
    /// <param name="folders">Of packages, by the names under which they are registered.</param>
    /// <param name="only">The environment that the app serves; null for all.</param>
    /// <param name="hasGoldenSets">Whether others are judged by samples/golden.</param>
    public static async Task RegisterAsync(
        PipelineClient client,
        IReadOnlyDictionary<string, string> folders,
        string? only,
        bool hasGoldenSets,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> environments = only is null ? Environments : [only];
        ModelClient models = new(client.Http);
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> serving = await models.FetchServingAsync(cancellationToken);
        if (serving.Keys.Except(folders.Keys).Any())
        {
            return;
        }
        await Task.WhenAll(
            folders.Select(model =>
                AddAsync(models, model.Key, model.Value, environments, serving.GetValueOrDefault(model.Key), cancellationToken)
            )
        );
        if (hasGoldenSets)
        {
            await new SampleGolden(client.Http).StoreAsync([.. folders.Keys], By, environments, cancellationToken);
        }
    }

    /// <summary>A sample once more, with a byte changed that no answer depends on: another version with the same weights.</summary>
    /// <param name="folder">Where it is made.</param>
    public static async Task<int> RegisterAnotherAsync(HttpClient http, string name, string folder, CancellationToken cancellationToken)
    {
        FolderCopy.Make(Path.Combine(Checkout.SamplesModels, name, "1"), folder);
        await File.AppendAllTextAsync(Path.Combine(folder, "README.md"), "\n", cancellationToken);
        return (await new ModelClient(http).RegisterAsync(name, folder, new ModelFacts(By), cancellationToken)).Manifest.Version;
    }

    private static async Task AddAsync(
        ModelClient models,
        string name,
        string folder,
        IReadOnlyList<string> environments,
        IReadOnlyDictionary<string, int>? serving,
        CancellationToken cancellationToken
    )
    {
        string[] missing = [.. environments.Where(e => serving?.ContainsKey(e) != true)];
        if (missing.Length == 0)
        {
            return;
        }
        (ModelManifest manifest, _) = await models.RegisterAsync(name, folder, new ModelFacts(By), cancellationToken);
        await Task.WhenAll(
            missing.Select(async environment =>
            {
                if (serving is null || !await models.HasHistoryAsync(name, environment, cancellationToken))
                {
                    await models.ServeFirstAsync(
                        name,
                        environment,
                        manifest.Version,
                        By,
                        "a sample, so that there is something to ask",
                        cancellationToken
                    );
                }
            })
        );
    }
}
