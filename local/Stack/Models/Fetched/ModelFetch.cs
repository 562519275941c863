using System.Security.Cryptography;

namespace Serverless.Local.Stack.Models.Fetched;

/// <summary>Puts a model's package together beside the cache's folder for it, and moves it there when all of it is right.</summary>
internal static class ModelFetch
{
    /// <exception cref="FetchException">The package cannot be had, or what it holds is not what was pinned.</exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public static async Task RunAsync(FetchedModel model, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(ModelCache.Root);
        string work = Path.Combine(ModelCache.Root, $".fetching-{model.Name}-{Environment.ProcessId}");
        Directory.CreateDirectory(work);
        try
        {
            string from = await PackageDownload.RunAsync(model.Source, work, time, cancellationToken);
            string made = Path.Combine(work, "package");
            FolderCopy.Make(Path.Combine(Checkout.SamplesFetched, model.Name), made);
            foreach (FetchedFile file in model.Files)
            {
                await TakeAsync(file, from, made, cancellationToken);
            }
            MoveInto(made, model.Folder);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task TakeAsync(FetchedFile file, string from, string made, CancellationToken cancellationToken)
    {
        string source = Path.Combine(from, file.From);
        string target = Path.Combine(made, file.To);
        if (!File.Exists(source))
        {
            throw new FetchException($"The package holds no {file.From}.");
        }
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (file.Resource is { } resource)
        {
            await EmbeddedFile.CopyAsync(source, resource, target, cancellationToken);
        }
        else
        {
            File.Copy(source, target);
        }
        await using FileStream content = File.OpenRead(target);
        string sum = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        if (sum != file.Sha256)
        {
            throw new FetchException($"{file.Resource ?? file.From} has the SHA-256 {sum}; expected {file.Sha256}.");
        }
    }

    /// <summary>Two that fetch at once: the second leaves what the first has put there.</summary>
    private static void MoveInto(string made, string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        try
        {
            Directory.Move(made, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return;
        }
    }
}
