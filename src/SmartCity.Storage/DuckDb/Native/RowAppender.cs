using System.Buffers;
using System.Text;
using DuckDB.NET.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb.Native;

/// <summary>Appends rows to a table within the connection's transaction, each row's columns from left to right. What was not
/// closed was not appended.</summary>
internal sealed unsafe class RowAppender : RecordAppender, IDisposable
{
    private static readonly int RowsMax = (int)NativeMethods.Helpers.DuckDBVectorSize();

    private readonly string _path;
    private readonly DuckDBAppender _appender;
    private readonly DuckDBLogicalType[] _types;
    private readonly DuckDBDataChunk _chunk;
    private readonly nint[] _vectors;
    private readonly nint[] _values;
    private readonly nint[] _valid;
    private int _row;
    private int _column;

    public RowAppender(DuckDbConnection connection, string table, string path)
    {
        _path = path;
        Check(NativeMethods.Appender.DuckDBAppenderCreate(connection.Native, null, table, out _appender));
        var columns = (int)NativeMethods.Appender.DuckDBAppenderColumnCount(_appender);
        _types = [.. Enumerable.Range(0, columns).Select(i => NativeMethods.Appender.DuckDBAppenderColumnType(_appender,
            (ulong)i))];
        _chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk(
            [.. _types.Select(type => type.DangerousGetHandle())], (ulong)columns);
        _vectors = new nint[columns];
        _values = new nint[columns];
        _valid = new nint[columns];
        Locate();
    }

    public override RowAppender Add(long value)
    {
        ((long*)_values[_column++])[_row] = value;
        return this;
    }

    public override RowAppender Add(ulong value) => Add((long)value);

    public override RowAppender Add(int value)
    {
        ((int*)_values[_column++])[_row] = value;
        return this;
    }

    public override RowAppender Add(byte value)
    {
        ((byte*)_values[_column++])[_row] = value;
        return this;
    }

    public override RowAppender Add(double value)
    {
        ((double*)_values[_column++])[_row] = value;
        return this;
    }

    public override RowAppender Add(double? value) => value is { } some ? Add(some) : AddNull(0.0);

    public override RowAppender Add(long? value) => value is { } some ? Add(some) : AddNull(0L);

    public override RowAppender Add(int? value) => value is { } some ? Add(some) : AddNull(0);

    public override RowAppender Add(byte? value) => value is { } some ? Add(some) : AddNull((byte)0);

    public override RowAppender Add(string? value)
    {
        if (value is null)
        {
            ClearValid();
            _column++;
            return this;
        }
        var bytesMax = Encoding.UTF8.GetMaxByteCount(value.Length);
        var rented = bytesMax > 512 ? ArrayPool<byte>.Shared.Rent(bytesMax) : null;
        var bytes = rented ?? stackalloc byte[512];
        var length = Encoding.UTF8.GetBytes(value, bytes);
        fixed (byte* first = bytes)
        {
            NativeMethods.Vectors.DuckDBVectorAssignStringElementLength(_vectors[_column++], (ulong)_row, first, length);
        }
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        return this;
    }

    /// <summary>Ends the row.</summary>
    public void End()
    {
        _column = 0;
        if (++_row == RowsMax)
        {
            Flush();
        }
    }

    /// <summary>Hands the rest of the rows to the transaction.</summary>
    public void Close()
    {
        Flush();
        Check(NativeMethods.Appender.DuckDBAppenderClose(_appender));
    }

    public void Dispose()
    {
        _chunk.Dispose();
        foreach (var type in _types)
        {
            type.Dispose();
        }
        _appender.Dispose();
    }

    private RowAppender AddNull<T>(T filler) where T : unmanaged
    {
        ClearValid();
        ((T*)_values[_column++])[_row] = filler; // A constant beneath nulls compresses to nothing.
        return this;
    }

    private void ClearValid()
    {
        if (_valid[_column] == 0)
        {
            NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(_vectors[_column]);
            _valid[_column] = (nint)NativeMethods.Vectors.DuckDBVectorGetValidity(_vectors[_column]);
        }
        ((ulong*)_valid[_column])[_row >> 6] &= ~(1UL << (_row & 63));
    }

    private void Flush()
    {
        if (_row == 0)
        {
            return;
        }
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, (ulong)_row);
        Check(NativeMethods.Appender.DuckDBAppendDataChunk(_appender, _chunk));
        NativeMethods.DataChunks.DuckDBDataChunkReset(_chunk);
        _row = 0;
        Locate();
    }

    private void Locate()
    {
        for (var i = 0; i < _vectors.Length; i++)
        {
            _vectors[i] = NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, i);
            _values[i] = (nint)NativeMethods.Vectors.DuckDBVectorGetData(_vectors[i]);
            _valid[i] = 0;
        }
    }

    private void Check(DuckDBState state)
    {
        if (state != DuckDBState.Success)
        {
            using var error = NativeMethods.Appender.DuckDBAppenderErrorData(_appender);
            throw DuckDbErrors.Of(NativeMethods.ErrorData.DuckDBErrorDataMessage(error), _path);
        }
    }
}
