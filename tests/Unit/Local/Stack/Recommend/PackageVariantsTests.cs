using Serverless.Local.Stack.Recommend;
using Xunit;

namespace Serverless.Unit.Local.Stack.Recommend;

public sealed class PackageVariantsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("variants-").FullName;

    [Fact]
    public void Of_APackageOfSeveralPrecisions_GivesTheMainOneFirst()
    {
        Write("onnx/model_quantized.onnx", "onnx/model.onnx", "onnx/model_fp16.onnx", "onnx/model.onnx_data", "onnx/decoder.onnx");

        Assert.Equal(
            [("onnx/model.onnx", true), ("onnx/model_fp16.onnx", false), ("onnx/model_quantized.onnx", false)],
            PackageVariants.Of(_folder).Select(variant => (variant.Graph, variant.IsMain))
        );
    }

    [Fact]
    public void Of_APackageOfTwoGraphs_GivesThePackageItself()
    {
        Write("onnx/text_model.onnx", "onnx/vision_model.onnx");

        Assert.Equal([new PackageVariant("", IsMain: true)], PackageVariants.Of(_folder));
    }

    [Fact]
    public void Stage_AVariant_IsThePackageWithItAsTheMainGraph()
    {
        Write("onnx/model.onnx", "onnx/model_fp16.onnx", "onnx/model_q4.onnx", "config.json", "1_Pooling/config.json");
        string scratch = Path.Combine(_folder, "..", Path.GetFileName(_folder) + "-scratch");
        try
        {
            string staged = PackageVariants.Stage(_folder, new PackageVariant("onnx/model_fp16.onnx", IsMain: false), scratch);

            Assert.Equal(
                ["1_Pooling/config.json", "config.json", "onnx/model.onnx"],
                Directory
                    .EnumerateFiles(staged, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(staged, file))
                    .Order()
            );
            Assert.Equal("onnx/model_fp16.onnx", File.ReadAllText(Path.Combine(staged, "onnx/model.onnx")));
            Assert.Equal(_folder, PackageVariants.Stage(_folder, new PackageVariant("onnx/model.onnx", IsMain: true), scratch));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Files that hold their own paths.</summary>
    private void Write(params string[] paths)
    {
        foreach (string path in paths)
        {
            string file = Path.Combine(_folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, path);
        }
    }
}
