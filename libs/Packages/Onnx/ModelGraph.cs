using Serverless.Packages;

namespace Serverless.Packages.Onnx;

/// <summary>
/// The package's ONNX file, read and checked before ONNX Runtime opens it. Which operators and operator sets there are, ONNX Runtime
/// says when it does.
/// </summary>
public sealed class ModelGraph
{
    /// <summary>The name of the only graph of most packages.</summary>
    public const string Whole = "model";

    /// <summary>The names of the two graphs of a package for texts and images (transformers.js writes CLIP so).</summary>
    public const string Texts = "text_model",
        Images = "vision_model";

    private const int MaxNamed = 8;

    private readonly PackageFiles _files;

    private ModelGraph(PackageFiles files, string file, OnnxModel model) => (_files, File, Model) = (files, file, model);

    public string File { get; }
    public OnnxModel Model { get; }

    public static bool IsIn(PackageFiles files, string name) => Places(name).Concat(QuantizedPlaces(name)).Any(files.Has);

    public static ModelGraph Load(PackageFiles files, ModelLimits limits, string name = Whole)
    {
        string file = Find(files, name);
        long length = files.Lengths[file];
        if (length == 0 || length > limits.MaxGraphBytes)
        {
            throw files.Reject(file, $"{length} bytes", $"1 to {limits.MaxGraphBytes}");
        }
        try
        {
            var graph = new ModelGraph(
                files,
                file,
                Mapped.Read(files.FullPath(file), 0, (int)length, bytes => OnnxReader.Read(bytes, limits))
            );
            graph.CheckOutputs();
            graph.CheckOpsets();
            graph.CheckExternalData();
            return graph;
        }
        catch (GraphFaultException e)
        {
            throw files.Reject(file, e.Found, e.Expected, e);
        }
        catch (InvalidDataException e)
        {
            throw files.Reject(file, e.Message, "a whole ONNX model", e);
        }
    }

    private static string[] Places(string name) => [$"{name}.onnx", $"onnx/{name}.onnx"];

    /// <summary>What exporters call the only file where they were asked for a quantized one.</summary>
    private static string[] QuantizedPlaces(string name) => [$"{name}_quantized.onnx", $"onnx/{name}_quantized.onnx"];

    private static string Find(PackageFiles files, string name)
    {
        string[] found = [.. Places(name).Where(files.Has)];
        if (found.Length == 0)
        {
            found = [.. QuantizedPlaces(name).Where(files.Has)];
        }
        if (found.Length == 1)
        {
            return found[0];
        }
        string[] others = [.. files.Lengths.Keys.Where(f => f.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)).Take(MaxNamed + 1)];
        string what =
            found.Length == 2 ? "both"
            : others.Length == 0 ? "neither, and no other .onnx file"
            : $"neither, but {string.Join(", ", others.Take(MaxNamed))}{(others.Length > MaxNamed ? ", …" : "")}";
        throw files.Reject(string.Join(" and ", found.Length == 2 ? found : Places(name)), what, "exactly one");
    }

    public ModelRejectedException Reject(string found, string expected) => _files.Reject(File, found, expected);

    public TaskMismatchException Mismatch(string found, string expected) => _files.Mismatch(File, found, expected);

    /// <summary>The first of these names that the graph has, or else its only output.</summary>
    public OnnxValue Output(ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Model.Outputs.FirstOrDefault(o => o.Name == name) is { } output)
            {
                return CheckElement(output);
            }
        }
        return Model.Outputs.Count == 1
            ? CheckElement(Model.Outputs[0])
            : throw Mismatch(
                $"the outputs {string.Join(", ", Model.Outputs)}",
                $"one output, or one named {string.Join(" or ", names.ToArray())}"
            );
    }

    /// <summary>Null where the dimension is dynamic.</summary>
    public int? FixedSize(OnnxValue value, int dimension, int most) =>
        value.Shape![dimension] switch
        {
            < 0 => null,
            var size when size <= most => (int)size,
            _ => throw Reject($"the input {value}", $"at most {most} in dimension {dimension}"),
        };

    private OnnxValue CheckElement(OnnxValue output) =>
        output.Element is OnnxElement.Float or OnnxElement.Float16 ? output : throw Mismatch($"the output {output}", "Float or Float16");

    private void CheckOutputs()
    {
        if (Model.Outputs.Count == 0)
        {
            throw Reject("no outputs", "at least one");
        }
    }

    private void CheckOpsets()
    {
        if (Model.Opsets.Count == 0)
        {
            throw Reject("no operator set", "at least one import");
        }
        if (Model.Opsets.TryGetValue("", out long version) && version < 1)
        {
            throw Reject($"the operator set ai.onnx {version}", "1 or more");
        }
        if (Model.IrVersion < 1)
        {
            throw Reject($"the IR version {Model.IrVersion}", "1 or more");
        }
    }

    private void CheckExternalData()
    {
        string folder = Path.GetDirectoryName(File)!;
        foreach (ExternalData data in Model.ExternalData)
        {
            string path = Path.GetRelativePath(_files.FullPath(""), Path.GetFullPath(Path.Combine(_files.FullPath(folder), data.Location)));
            if (data.Location.Length == 0 || Path.IsPathRooted(data.Location) || !_files.Lengths.TryGetValue(path, out long length))
            {
                throw Reject($"external data in '{data.Location}'", "a file inside the package");
            }
            if (data.Offset > length || data.Bytes > length - data.Offset || (data.Length != 0 && data.Length != data.Bytes))
            {
                throw Reject(
                    $"external data at {data.Offset}, {data.Length} bytes, of '{data.Location}' for {data.Bytes} bytes of '{data.Tensor}'",
                    $"a place within its {length} bytes"
                );
            }
            if (data.Bytes > 0)
            {
                CheckNumbers(_files.FullPath(path), data);
            }
        }
    }

    private static void CheckNumbers(string path, ExternalData data)
    {
        // A span holds 2 GiB; pieces end between two numbers.
        const int piece = 1 << 30;
        for (long done = 0; done < data.Bytes; done += piece)
        {
            Mapped.Read(path, data.Offset + done, (int)Math.Min(piece, data.Bytes - done), bytes =>
            {
                WeightScan.Check(data.Tensor, data.Element, bytes, isWeight: true);
                return true;
            });
        }
    }
}
