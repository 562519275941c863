using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Local.Stack.Releases;

/// <summary>
/// Where the document of a release comes from: a file that was recorded, the address of an app (with its key in the variable KEY), or an
/// environment that runs on this machine.
/// </summary>
internal sealed class ReleaseSource
{
    private const int MaxFileBytes = 16 << 20;

    private readonly string _data;

    /// <param name="text">A file, an address, or the name of an environment; the first two may end in '#' and an environment.</param>
    /// <param name="data">Of the stack, or of the three that <c>--environments separate</c> starts.</param>
    public ReleaseSource(string text, string data)
    {
        string[] parts = text.Split('#', 2);
        IsFile = File.Exists(parts[0]);
        Place = parts[0];
        Address = Uri.TryCreate(Place, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? address : null;
        Environment = IsFile || Address is not null ? parts.ElementAtOrDefault(1) : Place;
        _data = data;
    }

    public string Place { get; }

    public bool IsFile { get; }

    public Uri? Address { get; }

    /// <summary>Null for the only one that the document has.</summary>
    public string? Environment { get; }

    /// <exception cref="StackException">It cannot be read, or is no document of a release.</exception>
    public async Task<ReleaseDocument> ReadAsync(CancellationToken cancellationToken)
    {
        if (IsFile)
        {
            return ReleaseDocument.Parse(await ReadFileAsync(cancellationToken), Environment, Place);
        }
        using HttpClient http = Connect();
        try
        {
            using HttpResponseMessage response = await http.GetAsync("release", cancellationToken);
            string body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? ReleaseDocument.Parse(body, Environment, $"{http.BaseAddress}release")
                : throw new StackException(await Refusal.ReadAsync(response, cancellationToken));
        }
        catch (HttpRequestException e)
        {
            throw new StackException(
                $"{http.BaseAddress} cannot be asked ({e.InnerException?.Message ?? e.Message}). Start it first: make run"
            );
        }
    }

    /// <summary>Relative to <c>/api/</c>, with the key.</summary>
    public HttpClient Connect()
    {
        if (IsFile)
        {
            throw new StackException($"{Place} is a file; expected is an environment that runs, or the address of an app.");
        }
        if (Address is not null)
        {
            return HostConnection.OpenDeployed(Address);
        }
        string own = Path.Combine(_data, Place);
        return HostConnection.OpenLocal(Runs(own) ? own : _data);
    }

    private static bool Runs(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return false;
        }
        using DataFolderLock? hold = DataFolderLock.TryTake(folder);
        return hold is null;
    }

    private async Task<string> ReadFileAsync(CancellationToken cancellationToken) =>
        new FileInfo(Place).Length is > MaxFileBytes and long length
            ? throw new StackException($"{Place} has {length} bytes; expected are at most {MaxFileBytes}.")
            : await File.ReadAllTextAsync(Place, cancellationToken);
}

/// <summary>What one environment runs, as an app tells it at <c>/api/release</c>.</summary>
/// <param name="Environment">Its name.</param>
/// <param name="Whole">The document as it was told.</param>
internal sealed record ReleaseDocument(string Environment, JsonObject Whole)
{
    private const string Environments = "environments";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public DateTimeOffset At => Whole["at"]!.GetValue<DateTimeOffset>();

    public string App => Whole["app"]!.GetValue<string>();

    public JsonObject AlertRules => Whole["alertRules"]!.AsObject();

    /// <summary>The version by model.</summary>
    public IReadOnlyDictionary<string, int> Aliases =>
        Own["aliases"]!.AsObject().ToDictionary(alias => alias.Key, alias => alias.Value!["version"]!.GetValue<int>());

    private JsonNode Own => Whole[Environments]![Environment]!;

    /// <exception cref="StackException">It is no such document, or does not have that environment alone.</exception>
    public static ReleaseDocument Parse(string json, string? environment, string place)
    {
        try
        {
            JsonObject whole = JsonNode.Parse(json, documentOptions: Strict)!.AsObject();
            string[] has = [.. whole[Environments]!.AsObject().Select(one => one.Key)];
            environment ??= has.Length == 1 ? has[0] : null;
            if (environment is null || !has.Contains(environment))
            {
                throw new StackException(
                    $"{place} has the environments {string.Join(", ", has)}; "
                        + (
                            environment is null
                                ? "expected is one, or its name behind '#'."
                                : $"'{environment}' is none of them, and no file."
                        )
                );
            }
            ReleaseDocument document = new(environment, whole);
            _ = (document.At, document.App, document.AlertRules, document.Aliases); // all that is read later
            return document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            string what = e is NullReferenceException ? "a member is missing, or null." : e.Message;
            throw new StackException($"{place} is no document of a release: {what}");
        }
    }

    /// <summary>Every value by its path, but for when it was told and which environment it is.</summary>
    public SortedDictionary<string, string> Values()
    {
        SortedDictionary<string, string> values = new(StringComparer.Ordinal);
        foreach ((string name, JsonNode? node) in Whole.Where(member => member.Key is not "at" and not Environments))
        {
            Collect(name, node);
        }
        foreach ((string name, JsonNode? node) in Own.AsObject())
        {
            Collect(name, node);
        }
        return values;

        void Collect(string path, JsonNode? node)
        {
            switch (node)
            {
                case JsonObject members:
                    foreach ((string name, JsonNode? member) in members)
                    {
                        Collect($"{path}/{name}", member);
                    }
                    break;
                case JsonArray items:
                    for (int i = 0; i < items.Count; i++)
                    {
                        Collect($"{path}/{i}", items[i]);
                    }
                    break;
                default:
                    values[path] = node?.ToJsonString() ?? "null";
                    break;
            }
        }
    }
}
