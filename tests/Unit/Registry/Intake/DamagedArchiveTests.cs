using System.IO.Compression;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry.Intake;

public sealed class DamagedArchiveTests(SharedServers servers)
{
    private const int Rounds = 150;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Cut anywhere or with any bytes changed, an archive is unpacked or refused, and never anything else.</summary>
    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    public async Task Unpack_OfDamagedArchives_UnpacksOrRefuses(string kind)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        PackageIntake intake = rig.Get<PackageIntake>();
        (string, byte[])[] files =
        [
            ("config.json", TestArchives.Text("{}")),
            ("onnx/model.onnx", new byte[3_000]),
            (new string('n', 120) + ".txt", TestArchives.Text("long name")),
        ];
        // The tar is damaged inside, where its headers are, and compressed afterwards.
        byte[] whole = kind == "zip" ? TestArchives.Zip(files) : Unzip(TestArchives.Tar(files));
        Random random = new(11);
        int refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = round % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int i = 0; i < 1 + (round % 8) && damaged.Length > 0; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }
            using MemoryStream archive = new(kind == "zip" ? damaged : Zip(damaged));
            try
            {
                using StagedPackage package =
                    kind == "zip"
                        ? await intake.UnpackZipAsync(archive, rig.Name, Token)
                        : await intake.UnpackTarAsync(archive, rig.Name, Token);
            }
            catch (ModelRejectedException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, Rounds / 5, Rounds);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(rig.Cache, "scratch")));
    }

    private static byte[] Unzip(byte[] bytes)
    {
        using MemoryStream plain = new();
        using GZipStream gzip = new(new MemoryStream(bytes), CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Zip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }
}
