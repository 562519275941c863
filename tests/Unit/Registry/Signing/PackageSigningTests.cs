using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Signatures.Signing;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry.Signing;

/// <summary>
/// Signed packages. What others sign is made here by openssl and by hand after the specification, not by our own code; what we sign is
/// verified by openssl likewise.
/// </summary>
public sealed class PackageSigningTests(SharedServers servers) : IDisposable
{
    private readonly TemporaryPackage _package = new("signed", copyOf: "labels");
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("openssl-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("prime256v1", "sha256")]
    [InlineData("secp384r1", "sha384")]
    [InlineData("secp521r1", "sha512")]
    public async Task APackageThatOthersSigned_IsVerified_AndTheSignerKept(string curve, string hash)
    {
        string publicKey = await SignByOpensslAsync(curve, hash);

        PackageSignature? signature = await CheckAsync(new SigningOptions { PublicKeys = [publicKey] });

        string hint = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(publicKey)));
        Assert.Equal(new PackageSignature("key", hint, IsVerified: true), signature);
    }

    [Fact]
    public async Task APackageThatWeSigned_IsVerifiedByOpenssl()
    {
        string publicKey = await MakeKeyAsync("prime256v1");
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(ScratchOf("key.pem"), Ct));

        string path = await PackageSigner.SignAsync(_package.Folder, key, [], Ct);

        JsonNode envelope = JsonNode.Parse(await File.ReadAllTextAsync(path, Ct))!["dsseEnvelope"]!;
        byte[] payload = Convert.FromBase64String((string)envelope["payload"]!);
        await File.WriteAllBytesAsync(ScratchOf("pae"), Encoded(payload), Ct);
        await File.WriteAllBytesAsync(ScratchOf("sig"), Convert.FromBase64String((string)envelope["signatures"]![0]!["sig"]!), Ct);
        await OpensslAsync("dgst", "-sha256", "-verify", ScratchOf("key.pub"), "-signature", ScratchOf("sig"), ScratchOf("pae"));
        JsonNode predicate = JsonNode.Parse(payload)!["predicate"]!;
        Assert.Equal(
            Directory
                .EnumerateFiles(_package.Folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_package.Folder, file))
                .Where(file => file != "model.sig")
                .Order(StringComparer.Ordinal),
            predicate["resources"]!.AsArray().Select(resource => (string)resource!["name"]!)
        );
        Assert.True((await CheckAsync(new SigningOptions { PublicKeys = [publicKey] }))!.IsVerified);
    }

    [Fact]
    public async Task ACertificate_IsFollowedToARootThatIsTrusted()
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using X509Certificate2 root = Root(rootKey, "CN=Test root");
        using X509Certificate2 signer = Issue(root, key, "CN=Test publisher", X509KeyUsageFlags.DigitalSignature);
        using X509Certificate2 stranger = Root(key, "CN=Another root");
        await PackageSigner.SignAsync(_package.Folder, key, [signer], Ct);

        PackageSignature? signature = await CheckAsync(new SigningOptions { Roots = [root.ExportCertificatePem()] });
        ModelRejectedException refused = await RefuseAsync(new SigningOptions { Roots = [stranger.ExportCertificatePem()] });
        ModelRejectedException late = await RefuseAsync(
            new SigningOptions { Roots = [root.ExportCertificatePem()] },
            DateTimeOffset.UtcNow.AddYears(3)
        );

        Assert.Equal(new PackageSignature("certificate", "CN=Test publisher", IsVerified: true), signature);
        Assert.Contains("found a certificate of 'CN=Test publisher' whose chain does not hold", refused.Message, StringComparison.Ordinal);
        Assert.Contains("whose chain does not hold", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateThatIsNotForSigning_IsRefused()
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = Root(rootKey, "CN=Test root");
        using X509Certificate2 signer = Issue(root, key, "CN=Mail", X509KeyUsageFlags.CrlSign);
        await PackageSigner.SignAsync(_package.Folder, key, [signer], Ct);

        ModelRejectedException refused = await RefuseAsync(new SigningOptions { Roots = [root.ExportCertificatePem()] });

        Assert.Contains("a certificate of 'CN=Mail' that is not for signing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyThatIsNotTheCertificates_SignsNothing()
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = Root(rootKey, "CN=Test root");

        await Assert.ThrowsAsync<CryptographicException>(() => PackageSigner.SignAsync(_package.Folder, key, [root], Ct));

        Assert.False(File.Exists(_package.PathOf("model.sig")));
    }

    [Fact]
    public async Task AnotherKey_IsNamed()
    {
        await SignByOpensslAsync("prime256v1", "sha256");
        string signer = await File.ReadAllTextAsync(ScratchOf("key.pub"), Ct);
        string other = await MakeKeyAsync("prime256v1");

        ModelRejectedException refused = await RefuseAsync(new SigningOptions { PublicKeys = [other] });

        string hint = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(signer)));
        Assert.Contains($"model.sig: found a signature by the key {hint}; expected one by one of the 1 trusted keys", refused.Message);
    }

    [Theory]
    [InlineData("changed", "config.json: found the SHA-256 ", ", as it was signed.")]
    [InlineData("missing", "extra.txt: found no such file; expected it, since model.sig lists it.", "")]
    [InlineData("added", "evil.bin: found a file that model.sig does not list; expected those it lists.", "")]
    public async Task AFileThatIsNotAsItWasSigned_IsNamed(string change, string message, string end)
    {
        await File.WriteAllTextAsync(_package.PathOf("extra.txt"), "signed", Ct);
        string key = await SignByOpensslAsync("prime256v1", "sha256");
        switch (change)
        {
            case "changed":
                await File.AppendAllTextAsync(_package.PathOf("config.json"), " ", Ct);
                break;
            case "missing":
                File.Delete(_package.PathOf("extra.txt"));
                break;
            default:
                await File.WriteAllTextAsync(_package.PathOf("evil.bin"), "x", Ct);
                break;
        }

        ModelRejectedException refused = await RefuseAsync(new SigningOptions { PublicKeys = [key] });
        // Also where nobody is named whose signature counts.
        ModelRejectedException unnamed = await RefuseAsync(new SigningOptions());

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(end, refused.Message, StringComparison.Ordinal);
        Assert.Equal(refused.Message, unnamed.Message);
    }

    [Fact]
    public async Task AFileThatTheSignatureLeavesOut_IsNamed_ButForGitsOwn()
    {
        await File.WriteAllTextAsync(_package.PathOf(".gitattributes"), "x", Ct);
        await File.WriteAllTextAsync(_package.PathOf("custom/code.txt"), "x", Ct);
        string key = await SignByOpensslAsync("prime256v1", "sha256", statement =>
        {
            JsonArray resources = statement["predicate"]!["resources"]!.AsArray();
            resources.Remove(resources.Single(resource => (string)resource!["name"]! == "custom/code.txt"));
            statement["predicate"]!["serialization"]!["ignore_paths"]!.AsArray().Add("custom");
        });

        ModelRejectedException refused = await RefuseAsync(new SigningOptions { PublicKeys = [key] });

        Assert.Contains("custom/code.txt: found a file that the signature leaves out; expected none", refused.Message);
    }

    [Theory]
    [InlineData("method", "shards", "the serialization 'shards'; expected files.")]
    [InlineData("hash_type", "blake3", "the hash 'blake3'; expected sha256.")]
    public async Task AnotherSerializationOrHash_IsNamed(string member, string value, string message)
    {
        string key = await SignByOpensslAsync("prime256v1", "sha256", statement =>
            statement["predicate"]!["serialization"]![member] = value
        );

        ModelRejectedException refused = await RefuseAsync(new SigningOptions { PublicKeys = [key] });

        Assert.EndsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("predicateType", "https://model_signing/Digests/v0.1", "the predicate 'https://model_signing/Digests/v0.1'")]
    [InlineData("_type", "https://in-toto.io/Statement/v0.1", "the statement 'https://in-toto.io/Statement/v0.1'")]
    public async Task AnotherStatement_IsNamed(string member, string value, string message)
    {
        string key = await SignByOpensslAsync("prime256v1", "sha256", statement => statement[member] = value);

        ModelRejectedException refused = await RefuseAsync(new SigningOptions { PublicKeys = [key] });

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "malformed JSON")]
    [InlineData("[]", "malformed JSON (it is no object)")]
    [InlineData("""{"mediaType":"a","mediaType":"b"}""", "malformed JSON")]
    [InlineData("""{"mediaType":"application/json"}""", "the media type 'application/json'")]
    public async Task WhatIsNoBundle_IsRefusedByName(string file, string message)
    {
        await File.WriteAllTextAsync(_package.PathOf("model.sig"), file, Ct);

        Assert.Contains($"model.sig: found {message}", (await RefuseAsync(new SigningOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignatureWithoutALastingKey_OrOfAChangedStatement_IsRefused()
    {
        string key = await SignByOpensslAsync("prime256v1", "sha256");
        JsonNode bundle = JsonNode.Parse(await File.ReadAllTextAsync(_package.PathOf("model.sig"), Ct))!;
        JsonNode keyless = bundle.DeepClone();
        keyless["verificationMaterial"] = new JsonObject { ["certificate"] = new JsonObject { ["rawBytes"] = "AA==" } };
        string payload = Encoding.UTF8.GetString(Convert.FromBase64String((string)bundle["dsseEnvelope"]!["payload"]!));
        bundle["dsseEnvelope"]!["payload"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(payload.Replace("signed", "forged")));

        await File.WriteAllTextAsync(_package.PathOf("model.sig"), keyless.ToJsonString(), Ct);
        string withoutKey = (await RefuseAsync(new SigningOptions { PublicKeys = [key] })).Message;
        await File.WriteAllTextAsync(_package.PathOf("model.sig"), bundle.ToJsonString(), Ct);
        string changed = (await RefuseAsync(new SigningOptions { PublicKeys = [key] })).Message;

        Assert.Contains("found a signature without a lasting key", withoutKey, StringComparison.Ordinal);
        Assert.Contains("did not make over the statement", changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registration_KeepsTheSigner_AndDemandsOneWhereItMust()
    {
        string key = await SignByOpensslAsync("prime256v1", "sha256");
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, options =>
            options.Signing = new SigningOptions { PublicKeys = [key], Required = true }
        );

        RegisterOutcome signed = await rig.Registry.RegisterAsync(_package.Folder, new Registration(rig.Name, "tests"), Ct);
        ModelRejectedException unsigned = await Assert.ThrowsAsync<ModelRejectedException>(() => rig.RegisterAsync());

        Assert.True(signed.Manifest.Signature is { Method: "key", IsVerified: true });
        Assert.True((await rig.Registry.FindAsync(signed.Manifest.Id, Ct))!.Signature!.IsVerified);
        Assert.EndsWith(
            "model.sig: found no such file; expected a signature, which the registry demands.",
            unsigned.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Options_NameWhatIsNoKey()
    {
        string[] problems =
        [
            .. new SigningOptions
            {
                PublicKeys = ["none"],
                Roots = ["none"],
                Required = true,
            }
                .Validate(new(new object()))
                .Select(problem => problem.ErrorMessage!),
        ];

        Assert.Equal(2, problems.Length);
        Assert.StartsWith("PublicKeys has a key that cannot be read", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("Roots has a certificate that cannot be read", problems[1], StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _package.Dispose();
        _scratch.Delete(recursive: true);
    }

    private async Task<PackageSignature?> CheckAsync(SigningOptions options, DateTimeOffset? at = null)
    {
        PackageFiles files = new(_package.Folder, ModelLimits.Default);
        return await new PackageSigning(options).CheckAsync(files, await files.HashAsync(Ct), at ?? DateTimeOffset.UtcNow, Ct);
    }

    private Task<ModelRejectedException> RefuseAsync(SigningOptions options, DateTimeOffset? at = null) =>
        Assert.ThrowsAsync<ModelRejectedException>(() => CheckAsync(options, at));

    /// <summary>Signs the package by openssl; answers the public key.</summary>
    private async Task<string> SignByOpensslAsync(string curve, string hash, Action<JsonNode>? change = null)
    {
        string publicKey = await MakeKeyAsync(curve);
        JsonArray resources = [];
        foreach (string file in Directory.EnumerateFiles(_package.Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(_package.Folder, file);
            if (!name.StartsWith(".git", StringComparison.Ordinal))
            {
                string sum = (await OpensslAsync("dgst", "-r", "-sha256", file)).Split(' ')[0];
                resources.Add(
                    new JsonObject
                    {
                        ["digest"] = sum,
                        ["algorithm"] = "sha256",
                        ["name"] = name,
                    }
                );
            }
        }
        JsonNode statement = new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "signed",
                    ["digest"] = new JsonObject { ["sha256"] = new string('0', 64) },
                }
            ),
            ["predicateType"] = "https://model_signing/signature/v1.0",
            ["predicate"] = new JsonObject
            {
                ["serialization"] = new JsonObject
                {
                    ["method"] = "files",
                    ["allow_symlinks"] = false,
                    ["hash_type"] = "sha256",
                    ["ignore_paths"] = new JsonArray(".git", ".github", ".gitattributes", ".gitignore", "model.sig"),
                },
                ["resources"] = resources,
            },
        };
        change?.Invoke(statement);
        byte[] payload = Encoding.UTF8.GetBytes(statement.ToJsonString(new() { WriteIndented = true }));
        await File.WriteAllBytesAsync(ScratchOf("pae"), Encoded(payload), Ct);
        await OpensslAsync("dgst", $"-{hash}", "-sign", ScratchOf("key.pem"), "-out", ScratchOf("sig"), ScratchOf("pae"));
        string hint = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(publicKey)));
        JsonObject bundle = new()
        {
            ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
            ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = hint } },
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(payload),
                ["payloadType"] = "application/vnd.in-toto+json",
                ["signatures"] = new JsonArray(
                    new JsonObject { ["sig"] = Convert.ToBase64String(await File.ReadAllBytesAsync(ScratchOf("sig"), Ct)), ["keyid"] = "" }
                ),
            },
        };
        await File.WriteAllTextAsync(_package.PathOf("model.sig"), bundle.ToJsonString(new() { WriteIndented = true }), Ct);
        return publicKey;
    }

    private async Task<string> MakeKeyAsync(string curve)
    {
        await OpensslAsync("genpkey", "-algorithm", "EC", "-pkeyopt", $"ec_paramgen_curve:{curve}", "-out", ScratchOf("key.pem"));
        await OpensslAsync("pkey", "-in", ScratchOf("key.pem"), "-pubout", "-out", ScratchOf("key.pub"));
        return await File.ReadAllTextAsync(ScratchOf("key.pub"), Ct);
    }

    /// <summary>As DSSE's protocol.md says.</summary>
    private static byte[] Encoded(byte[] payload) =>
        [.. Encoding.ASCII.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];

    private string ScratchOf(string file) => Path.Combine(_scratch.FullName, file);

    private static async Task<string> OpensslAsync(params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        Task<string> errors = process.StandardError.ReadToEndAsync(Ct);
        string output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }

    private static X509Certificate2 Root(ECDsa key, string name)
    {
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 root, ECDsa key, string name, X509KeyUsageFlags usage)
    {
        CertificateRequest request = new(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        return request.Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1), [1, 2, 3, 4]);
    }
}
