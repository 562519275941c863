using System.IO.MemoryMappedFiles;
using Serverless.Registry.Packages;

namespace Serverless.Registry.Onnx;

/// <summary>The package's ONNX file, read and checked before ONNX Runtime opens it.</summary>
public sealed class ModelGraph
{
    private static readonly string[] Places = ["model.onnx", "onnx/model.onnx"];

    private readonly PackageFiles files;

    private ModelGraph(PackageFiles files, string file, OnnxModel model) => (this.files, File, Model) = (files, file, model);

    public string File { get; }
    public OnnxModel Model { get; }

    public static ModelGraph Load(PackageFiles files, ModelLimits limits)
    {
        string[] found = [.. Places.Where(files.Has)];
        if (found.Length != 1)
            throw files.Reject(string.Join(" and ", Places), found.Length == 0 ? "neither" : "both", "exactly one");
        string file = found[0];
        long length = files.Lengths[file];
        if (length == 0 || length > limits.MaxGraphBytes)
            throw files.Reject(file, $"{length} bytes", $"1 to {limits.MaxGraphBytes}");
        try
        {
            var graph = new ModelGraph(files, file, Read(files.FullPath(file), (int)length, limits));
            graph.CheckOperators();
            graph.CheckExternalData();
            return graph;
        }
        catch (InvalidDataException e)
        {
            throw files.Reject(file, e.Message, "a whole ONNX model", e);
        }
    }

    public ModelRejectedException Reject(string found, string expected) => files.Reject(File, found, expected);

    /// <summary>The first of these names that the graph has, or else its only output.</summary>
    public OnnxValue Output(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Model.Outputs.FirstOrDefault(o => o.Name == name) is { } output)
                return CheckElement(output);
        }
        return Model.Outputs.Count == 1
            ? CheckElement(Model.Outputs[0])
            : throw Reject($"the outputs {string.Join(", ", Model.Outputs)}", $"one output, or one named {string.Join(" or ", names.ToArray())}");
    }

    /// <summary>Null where the dimension is dynamic.</summary>
    public int? FixedSize(OnnxValue value, int dimension, int most) => value.Shape![dimension] switch
    {
        < 0 => null,
        var size when size <= most => (int)size,
        _ => throw Reject($"the input {value}", $"at most {most} in dimension {dimension}"),
    };

    private OnnxValue CheckElement(OnnxValue output) => output.Element is OnnxElement.Float or OnnxElement.Float16
        ? output
        : throw Reject($"the output {output}", "Float or Float16");

    /// <summary>Mapped, not read: weights make nearly all of the file and are skipped.</summary>
    private static unsafe OnnxModel Read(string path, int length, ModelLimits limits)
    {
        using var mapping = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using MemoryMappedViewAccessor view = mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return OnnxReader.Read(new ReadOnlySpan<byte>(start + view.PointerOffset, length), limits);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private void CheckOperators()
    {
        string[] unknown = [.. Model.Operators.Where(o => !OnnxOperators.IsKnown(o)).Select(o => $"{o}").Order(StringComparer.Ordinal).Take(10)];
        if (unknown.Length > 0)
            throw Reject($"the unknown operators {string.Join(", ", unknown)}", $"operators of the domains {string.Join(", ", OnnxOperators.Known.Keys.Select(d => d.Length == 0 ? "ai.onnx" : d).Order())}");
    }

    private void CheckExternalData()
    {
        string folder = Path.GetDirectoryName(File)!;
        foreach (ExternalData data in Model.ExternalData)
        {
            string path = Path.GetRelativePath(files.FullPath(""), Path.GetFullPath(Path.Combine(files.FullPath(folder), data.Location)));
            if (data.Location.Length == 0 || Path.IsPathRooted(data.Location) || !files.Lengths.TryGetValue(path, out long length))
                throw Reject($"external data in '{data.Location}'", "a file inside the package");
            if (data.Offset > length || data.Length > length - data.Offset)
                throw Reject($"external data at {data.Offset}, {data.Length} bytes, of '{data.Location}'", $"a place within its {length} bytes");
        }
    }
}
