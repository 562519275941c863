namespace Serverless.Infra.Terraform;

/// <summary>A copy of <c>infra/</c> in a temporary folder, in which one root module is tried. Deleted at the end.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("infra-");
    private readonly Root _root;
    private readonly Dictionary<string, string> _environment;

    public Workspace(Root root, string reattach)
    {
        _root = root;
        _environment = new()
        {
            ["TF_REATTACH_PROVIDERS"] = reattach,
            ["TF_IN_AUTOMATION"] = "1",
            ["CHECKPOINT_DISABLE"] = "1",
            ["TF_CLI_CONFIG_FILE"] = "/dev/null",
        };
        CopyTree(SourceTree.PathOf($"infra/{root.Cloud}"), Path.Combine(_folder.FullName, root.Cloud));
        File.Copy(SourceTree.PathOf($"tests/Infra/Terraform/{root.Cloud}.tftest.hcl"), Path.Combine(Folder, "check.tftest.hcl"));
    }

    private string Folder => Path.Combine(_folder.FullName, _root.Cloud, _root.Environment);

    public string PathOf(string path) => Path.Combine(_folder.FullName, path);

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        CommandResult result = await RunAsync(["init", "-backend=false", "-input=false", "-no-color"], cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"terraform init of {_root} ended with {result.ExitCode}: {result.Output}");
        }
    }

    public Task<CommandResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        CommandLine.RunAsync("terraform", arguments, Folder, _environment, cancellationToken);

    /// <summary>Applies the root with mock providers: all values are there, and what only a cloud knows is made up.</summary>
    public async Task<Applied> ApplyAsync(CancellationToken cancellationToken) =>
        Applied.Read((await RunAsync(["test", "-json", "-verbose"], cancellationToken)).Output);

    public void Dispose() => _folder.Delete(recursive: true);

    private static void CopyTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        foreach (string folder in Directory.EnumerateDirectories(from).Where(folder => Path.GetFileName(folder)[0] != '.'))
        {
            CopyTree(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }
}
