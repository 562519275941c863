using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Serverless.Packages;
using Serverless.Registry.Signatures.Signing;

namespace Serverless.Local.Stack.Models;

/// <summary>
/// <c>sign</c>: a package's files, as model.sig in its folder, before it is registered; or the manifest of a version that is registered
/// with the stack that runs here, which says that it may serve where the key counts.
/// </summary>
internal static class SignCommand
{
    private static readonly Option<string> Model = new("--model")
    {
        Description = "Folder of a package, or name/version of one that is registered with the stack that runs here",
        Required = true,
    };
    private static readonly Option<string> Key = new("--key") { Description = "ECDSA key (PEM; P-256, P-384 or P-521)", Required = true };
    private static readonly Option<string?> Certificate = new("--certificate")
    {
        Description = "The signer's certificate and those above it (PEM), for a package",
    };
    private static readonly Option<string> By = new("--by") { Description = "Who signs", DefaultValueFactory = _ => Environment.UserName };

    public static Command Create(Option<string> data)
    {
        Command command = new("sign", "Sign a package (model.sig), or the manifest of a registered version")
        {
            Model,
            Key,
            Certificate,
            By,
            data,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                string model = parsed.GetValue(Model)!;
                using ECDsa key = ReadKey(parsed.GetValue(Key)!);
                IReadOnlyList<X509Certificate2> chain = ReadChain(parsed.GetValue(Certificate));
                if (Directory.Exists(model))
                {
                    await SignFolderAsync(model, key, chain, cancellationToken);
                    return 0;
                }
                if (model.Split('/') is not [var name, var number] || !int.TryParse(number, CultureInfo.InvariantCulture, out int version))
                {
                    throw new StackException(
                        $"The model is '{model}'; expected is the folder of a package, or NAME/VERSION of a registered one.",
                        2
                    );
                }
                if (chain.Count > 0)
                {
                    throw new StackException($"{model} is registered: its manifest is signed by a key alone, without --certificate.", 2);
                }
                using HttpClient http = HostConnection.OpenLocal(Path.GetFullPath(parsed.GetValue(data)!));
                await SignVersionAsync(http, new ModelVersion(name, version), key, parsed.GetValue(By)!, cancellationToken);
                return 0;
            }
        );
        return command;
    }

    private static async Task SignFolderAsync(
        string folder,
        ECDsa key,
        IReadOnlyList<X509Certificate2> chain,
        CancellationToken cancellationToken
    )
    {
        try
        {
            Console.WriteLine($"Signed: {await PackageSigner.SignAsync(folder, key, chain, cancellationToken)}");
        }
        catch (Exception e) when (e is CryptographicException or ModelRejectedException)
        {
            throw new StackException($"{folder} cannot be signed: {e.Message}", 2);
        }
    }

    private static async Task SignVersionAsync(
        HttpClient http,
        ModelVersion version,
        ECDsa key,
        string by,
        CancellationToken cancellationToken
    )
    {
        string path = $"models/{Uri.EscapeDataString(version.Name)}/versions/{version.Version}";
        using HttpResponseMessage manifest = await http.GetAsync($"{path}/manifest", cancellationToken);
        await DemandAsync(manifest, cancellationToken);
        byte[] signature = Sign(await manifest.Content.ReadAsByteArrayAsync(cancellationToken), key, version);
        using HttpRequestMessage request = new(HttpMethod.Post, $"{path}/signatures") { Content = new ByteArrayContent(signature) };
        request.Headers.Add("X-Requested-By", Uri.EscapeDataString(by));
        using HttpResponseMessage signed = await http.SendAsync(request, cancellationToken);
        await DemandAsync(signed, cancellationToken);
        JsonElement answer = await signed.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        IEnumerable<string?> environments = answer.GetProperty("environments").EnumerateArray().Select(one => one.GetString());
        Console.WriteLine($"Signed: {version}, which counts in {string.Join(", ", environments)}");
    }

    private static async Task DemandAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new StackException(await Refusal.ReadAsync(response, cancellationToken), 2);
        }
    }

    private static byte[] Sign(byte[] manifest, ECDsa key, ModelVersion version)
    {
        try
        {
            return key.SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException e)
        {
            throw new StackException($"{version} cannot be signed: {e.Message}", 2);
        }
    }

    private static ECDsa ReadKey(string path)
    {
        if (path.Length == 0)
        {
            throw new StackException("KEY is needed, for instance: make sign MODEL=path/to/folder KEY=key.pem", 2);
        }
        ECDsa key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new StackException($"{path} is not an ECDSA key in PEM: {e.Message}", 2);
        }
    }

    private static IReadOnlyList<X509Certificate2> ReadChain(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return [];
        }
        try
        {
            X509Certificate2Collection chain = [];
            chain.ImportFromPemFile(path);
            return chain.Count > 0 ? [.. chain] : throw new CryptographicException("it has none");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StackException($"{path} holds no certificates in PEM: {e.Message}", 2);
        }
    }
}
