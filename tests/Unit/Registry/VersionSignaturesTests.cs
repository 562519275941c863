using System.Security.Cryptography;
using System.Text.Json;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Signatures;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

public sealed class VersionSignaturesTests(SharedServers servers) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<RegistryRig> OpenAsync() =>
        RegistryRig.OpenAsync(servers, o => o.PublicKeys["prod"] = [_key.ExportSubjectPublicKeyInfoPem()]);

    private static async Task<byte[]> SignAsync(RegistryRig rig, ModelVersion version, ECDsa with) =>
        with.SignData(
            (await rig.Registry.ReadManifestAsync(version, Token))!.ToArray(),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );

    private static AliasMove First => new(1, AliasExpectation.Nothing, "ada", null);

    [Fact]
    public async Task WhereASignatureIsDemanded_OnlyASignedVersionIsAliasedAndLoaded()
    {
        await using RegistryRig rig = await OpenAsync();
        ModelManifest manifest = await rig.RegisterAsync();

        Assert.Equal(
            RegistryFault.Unsigned,
            (await Assert.ThrowsAsync<RegistryException>(() => rig.Aliases.MoveAsync("prod", rig.Name, First, Token))).Fault
        );
        Assert.Equal(
            RegistryFault.Unsigned,
            (await Assert.ThrowsAsync<RegistryException>(() => rig.Packages.FetchAsync(manifest.Id, "prod", Token))).Fault
        );
        Assert.NotNull(await rig.Aliases.MoveAsync("dev", rig.Name, First, Token));
        Assert.Equal(
            ["prod"],
            await rig.Get<VersionSignatures>().AddAsync(manifest.Id, await SignAsync(rig, manifest.Id, _key), "ci", Token)
        );

        Assert.NotNull(await rig.Aliases.MoveAsync("prod", rig.Name, First, Token));
        Assert.True(Directory.Exists(await rig.Packages.FetchAsync(manifest.Id, "prod", Token)));
    }

    [Fact]
    public async Task AKeyOfTheFile_CountsFromWhenItIsWritten_AndNoMoreFromWhenItIsGone()
    {
        string file = Path.GetTempFileName();
        using ECDsa next = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await WriteAsync(_key);
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers, options => options.KeysFile = file);
        VersionSignatures signatures = rig.Get<VersionSignatures>();
        SignatureGate gate = new(rig.Get<RegistryOptions>(), rig.Packages);
        ModelVersion version = (await rig.RegisterAsync()).Id;
        byte[] byNext = await SignAsync(rig, version, next);

        await signatures.AddAsync(version, await SignAsync(rig, version, _key), "ci", Token);
        await gate.CheckAsync(version, "prod", Token);
        await Assert.ThrowsAsync<RegistryException>(() => signatures.AddAsync(version, byNext, "ci", Token));
        await WriteAsync(next);
        RegistryException gone = await Assert.ThrowsAsync<RegistryException>(async () => await gate.CheckAsync(version, "prod", Token));
        await WriteAsync(_key, next);
        await signatures.AddAsync(version, byNext, "ci", Token);
        await WriteAsync(next, next, next);

        await gate.CheckAsync(version, "prod", Token);
        Assert.Equal(RegistryFault.Unsigned, gone.Fault);
        File.Delete(file);

        // Of another length each time: what is written within one tick of the file system's clock is told by its length.
        Task WriteAsync(params ECDsa[] keys) =>
            File.WriteAllTextAsync(
                file,
                JsonSerializer.Serialize(
                    new
                    {
                        publicKeys = new
                        {
                            prod = keys.Select(key => key.ExportSubjectPublicKeyInfoPem() + new string('\n', key == next ? 1 : 0)),
                        },
                    }
                ),
                Token
            );
    }

    [Fact]
    public async Task ASignatureByAnotherKey_OrOfAnotherVersion_IsRefused()
    {
        await using RegistryRig rig = await OpenAsync();
        ModelVersion first = (await rig.RegisterAsync("labels")).Id,
            second = (await rig.RegisterAsync("entities")).Id;
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        foreach (
            byte[] signature in new[]
            {
                await SignAsync(rig, first, other),
                await SignAsync(rig, second, _key),
                [1, 2, 3],
                new byte[10_000],
            }
        )
        {
            Assert.Equal(
                RegistryFault.Invalid,
                (
                    await Assert.ThrowsAsync<RegistryException>(() => rig.Get<VersionSignatures>().AddAsync(first, signature, "ci", Token))
                ).Fault
            );
        }
    }

    /// <summary>Whoever writes to the storage directly cannot make a changed manifest pass, nor bring a signature of their own.</summary>
    [Fact]
    public async Task AManifestThatWasChangedAfterSigning_IsNotLoaded()
    {
        await using RegistryRig rig = await OpenAsync();
        ModelManifest manifest = await rig.RegisterAsync();
        await rig.Get<VersionSignatures>().AddAsync(manifest.Id, await SignAsync(rig, manifest.Id, _key), "ci", Token);
        using (Stream changed = StoredJson.Write(manifest with { Licence = "none" }).ToStream())
        {
            await rig.Store.WriteAsync(RegistryLayout.Manifest(manifest.Id), changed, WriteCondition.Always, "application/json", Token);
        }

        Assert.Equal(
            RegistryFault.Unsigned,
            (await Assert.ThrowsAsync<RegistryException>(() => rig.Packages.FetchAsync(manifest.Id, "prod", Token))).Fault
        );
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void Options_WithABadKey_AreRefusedByName(string text)
    {
        RegistryOptions options = new() { PublicKeys = { ["prod"] = [text], ["moon"] = [] } };

        IReadOnlyList<string> problems = OptionsCheck.Find(("Registry", options));
        Assert.Contains(problems, p => p.StartsWith("Registry:PublicKeys:prod has a key that cannot be read", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("Registry:PublicKeys has 'moon'", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_WithAKeyOfAnotherCurve_AreRefused()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        RegistryOptions options = new() { PublicKeys = { ["prod"] = [Convert.ToBase64String(other.ExportSubjectPublicKeyInfo())] } };

        Assert.Contains("another curve than P-256", Assert.Single(OptionsCheck.Find(("Registry", options))), StringComparison.Ordinal);
    }

    public void Dispose() => _key.Dispose();
}
