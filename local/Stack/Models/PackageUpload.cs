using System.Text.Json;

namespace Serverless.Local.Stack.Models;

/// <summary>Brings packages to the store that are too large for a request, by an address that the app gives.</summary>
/// <param name="http">Relative to <c>/api/</c>, with the function key, which storage is not told.</param>
internal sealed class PackageUpload(HttpClient http)
{
    // The app takes 104,857,600 bytes unless it is told otherwise; what an archive adds fits between the two.
    private const long MaxDirectBytes = 100_000_000;

    /// <summary>Whether a file, or all files of a folder, are too large for a request.</summary>
    public static bool IsNeeded(string from)
    {
        if (File.Exists(from))
        {
            return new FileInfo(from).Length > MaxDirectBytes;
        }
        return Directory.Exists(from) && FolderArchive.TotalBytes(from) > MaxDirectBytes;
    }

    /// <returns>Where it lies now, as <see cref="ModelSource"/> takes it: store:path.</returns>
    public async Task<string> RunAsync(string name, string from, ModelFacts facts, CancellationToken cancellationToken)
    {
        using HttpContent content = ModelSource.Open(from, facts);
        string format = content.Headers.ContentType?.MediaType == "application/zip" ? "zip" : "tar.gz";
        using HttpResponseMessage given = await http.PostAsync(
            $"models/{Uri.EscapeDataString(name)}/uploads?format={format}",
            content: null,
            cancellationToken
        );
        if (!given.IsSuccessStatusCode)
        {
            throw new StackException(await Refusal.ReadAsync(given, cancellationToken));
        }
        string answer = await given.Content.ReadAsStringAsync(cancellationToken);
        GivenAddress upload = JsonSerializer.Deserialize<GivenAddress>(answer, JsonSerializerOptions.Web)!;

        // Stores want the length beforehand, which an archive that is made while it is sent does not know.
        string archive = Path.GetTempFileName();
        await using FileStream file = new(
            archive,
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );
        await content.CopyToAsync(file, cancellationToken);
        file.Position = 0;
        using HttpRequestMessage put = new(new HttpMethod(upload.Method), upload.Address) { Content = new StreamContent(file) };
        foreach ((string header, string value) in upload.Headers)
        {
            put.Headers.TryAddWithoutValidation(header, value);
        }
        using HttpClient storage = new() { Timeout = Timeout.InfiniteTimeSpan };
        using HttpResponseMessage kept = await storage.SendAsync(put, cancellationToken);
        return kept.IsSuccessStatusCode
            ? $"{upload.Store}:{upload.From}"
            : throw new StackException($"Storage answered {(int)kept.StatusCode} to the upload of {file.Length} bytes.");
    }

    private sealed record GivenAddress(string Store, string From, Uri Address, string Method, Dictionary<string, string> Headers);
}
