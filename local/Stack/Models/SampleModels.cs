using Serverless.Packages;

namespace Serverless.Local.Stack.Models;

/// <summary>
/// Registers the models of samples/models in a registry that holds nothing else, lets every environment serve them and judge others by
/// samples/golden.
/// </summary>
public static class SampleModels
{
    private const string By = "samples";

    private static readonly string[] Environments = ["dev", "qa", "prod"];

    /// <summary>What is there already stays as it is: an alias that was ever moved is left to whoever moved it.</summary>
    public static Task RegisterAsync(PipelineClient client, CancellationToken cancellationToken) =>
        RegisterAsync(
            client,
            [.. Directory.EnumerateDirectories(Checkout.SamplesModels).Select(folder => Path.GetFileName(folder))],
            cancellationToken
        );

    /// <summary>The same of some of them, for who asks no other.</summary>
    public static async Task RegisterAsync(PipelineClient client, IReadOnlyList<string> samples, CancellationToken cancellationToken)
    {
        ModelClient models = new(client.Http);
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> serving = await models.FetchServingAsync(cancellationToken);
        if (serving.Keys.Except(samples).Any())
        {
            return;
        }
        await Task.WhenAll(samples.Select(name => AddAsync(models, name, serving.GetValueOrDefault(name), cancellationToken)));
        await new SampleGolden(client.Http).StoreAsync(samples, By, Environments, cancellationToken);
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
        IReadOnlyDictionary<string, int>? serving,
        CancellationToken cancellationToken
    )
    {
        string[] missing = [.. Environments.Where(e => serving?.ContainsKey(e) != true)];
        if (missing.Length == 0)
        {
            return;
        }
        (ModelManifest manifest, _) = await models.RegisterAsync(
            name,
            Path.Combine(Checkout.SamplesModels, name, "1"),
            new ModelFacts(By),
            cancellationToken
        );
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
